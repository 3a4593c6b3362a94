package load

import "time"

// broadcast sends one flight after another from the first connection; each has reached every connection that reads
// before the next one leaves. A message counts once for each connection that receives it.
func (l *Load) broadcast(d time.Duration, check bool) (Result, error) {
	if !check {
		if err := l.stall(); err != nil {
			return Result{}, err
		}
	}
	s := newSpan(d)
	now, rounds, longest := s.start, 0, time.Duration(0)
	for ; rounds == 0 || now.Before(s.end); rounds++ {
		start := now
		f := &l.flights[rounds%len(l.flights)]
		for _, c := range l.readers {
			c.checks(f, check)
			c.expect(f, now)
		}
		if err := l.conns[0].send(f, now); err != nil {
			return Result{}, err
		}
		var err error
		if now, err = l.deliver(s, len(l.readers)*f.due); err != nil {
			return Result{}, err
		}
		longest = max(longest, now.Sub(start))
	}
	result := s.result(now)
	result.Rounds, result.Longest = rounds, longest
	return result, nil
}

// stall has the last connections not read from now on, as many as the Spec says.
func (l *Load) stall() error {
	n := len(l.conns) - l.spec.Stalled
	for _, c := range l.readers[n:] {
		if err := l.poll.remove(c.fd); err != nil {
			return err
		}
	}
	l.readers = l.conns[:n]
	return nil
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
