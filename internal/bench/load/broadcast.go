package load

import "time"

// broadcast sends one message after another from the first connection; each has reached every connection before the
// next one leaves. A message counts once for each connection that receives it.
func (l *Load) broadcast(d time.Duration, check bool) (Result, error) {
	s := newSpan(d)
	now := s.start
	for i := 0; i == 0 || now.Before(s.end); i++ {
		f := &l.flights[i%len(l.flights)]
		for _, c := range l.conns {
			c.checks(f, check)
			c.expect(f, now)
		}
		if err := l.conns[0].send(f, now); err != nil {
			return Result{}, err
		}
		var err error
		if now, err = l.deliver(s, len(l.conns)*len(f.echoes)); err != nil {
			return Result{}, err
		}
	}
	return s.result(now), nil
}

// deliver waits until so many messages have arrived, and returns when the last one did.
func (l *Load) deliver(s *span, due int) (now time.Time, err error) {
	for due > 0 {
		events, err := l.poll.wait()
		if err != nil {
			return now, err
		}
		for i := range events {
			c, messages, err := l.serve(&events[i])
			if err != nil {
				return now, err
			}
			now = time.Now()
			s.add(now.Sub(c.sent), messages)
			due -= messages
		}
	}
	return now, nil
}
