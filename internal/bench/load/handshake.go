package load

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A slot is the place of one handshake at a time.
type slot struct {
	fd       int
	start    time.Time
	response []byte
}

// handshake keeps Conns handshakes under way, from the connect to the 101.
func (l *Load) handshake(d time.Duration) (Result, error) {
	s := newSpan(d)
	slots := make([]slot, l.spec.Conns)
	for i := range slots {
		if err := l.shake(&slots[i], i, s.start); err != nil {
			return Result{}, err
		}
	}
	now := s.start
	for open := len(slots); open > 0; {
		events, err := l.poll.wait()
		if err != nil {
			return Result{}, err
		}
		for i := range events {
			index := int(events[i].Fd)
			done, err := l.answered(&slots[index])
			if err != nil {
				return Result{}, err
			}
			if !done {
				continue
			}
			now = time.Now()
			s.add(now.Sub(slots[index].start), 1)
			unix.Close(slots[index].fd)
			if now.After(s.end) {
				open--
			} else if err := l.shake(&slots[index], index, now); err != nil {
				return Result{}, err
			}
		}
	}
	return s.result(now), nil
}

// shake connects and sends the request.
func (l *Load) shake(s *slot, index int, now time.Time) error {
	fd, err := dial(l.spec.Addr)
	if err != nil {
		return err
	}
	s.fd, s.start, s.response = fd, now, s.response[:0]
	return errors.Join(writeRequest(fd, Plain), unix.SetNonblock(fd, true), l.poll.add(fd, index))
}

// answered reads once and reports whether the response is whole.
func (l *Load) answered(s *slot) (bool, error) {
	n, err := unix.Read(s.fd, l.buf)
	if err != nil || n == 0 {
		return false, fmt.Errorf("load: connection ended in the handshake: %v", err)
	}
	s.response = append(s.response, l.buf[:n]...)
	return upgraded(s.response)
}
