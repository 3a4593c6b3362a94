package load

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A conn is one upgraded connection, its socket in non-blocking mode.
type conn struct {
	fd, index int
	poll      *poller
	replies

	flight *flight
	out    []byte // of the flight, what the socket has not taken
	full   bool   // the socket is watched for room to write
	due    int    // messages to come
	sent   time.Time
}

// open connects and upgrades.
func open(s *Spec, poll *poller, index int) (*conn, error) {
	fd, err := dial(s.Addr)
	if err != nil {
		return nil, err
	}
	c := &conn{fd: fd, index: index, poll: poll}
	if err := errors.Join(upgrade(fd, s.Deflate), unix.SetNonblock(fd, true), poll.add(fd, index)); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return c, nil
}

// checks says whether payloads are compared, from now on, with f's.
func (c *conn) checks(f *flight, on bool) {
	c.want, c.next = nil, 0
	if on {
		c.want = f.echoes
	}
}

// expect prepares for the echoes of f.
func (c *conn) expect(f *flight, now time.Time) {
	c.flight, c.due, c.sent = f, f.due, now
}

// send writes f and expects its echoes.
func (c *conn) send(f *flight, now time.Time) error {
	c.expect(f, now)
	c.out = f.wire
	return c.flush()
}

// flush writes what the socket takes.
func (c *conn) flush() error {
	for len(c.out) > 0 {
		n, err := unix.Write(c.fd, c.out)
		if errors.Is(err, unix.EAGAIN) {
			return c.watch(true)
		}
		if err != nil {
			return fmt.Errorf("load: write: %w", err)
		}
		c.out = c.out[n:]
	}
	return c.watch(false)
}

func (c *conn) watch(full bool) error {
	if c.full == full {
		return nil
	}
	c.full = full
	return c.poll.writable(c.fd, c.index, full)
}

// receive reads once into buf and returns how many messages that completed.
func (c *conn) receive(buf []byte) (messages int, err error) {
	n, err := unix.Read(c.fd, buf)
	switch {
	case errors.Is(err, unix.EAGAIN):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("load: read: %w", err)
	case n == 0:
		return 0, errors.New("load: the server closed a connection")
	}
	messages, err = c.feed(buf[:n])
	if c.due -= messages; err == nil && c.due < 0 {
		err = fmt.Errorf("load: %d messages more than were sent", -c.due)
	}
	return messages, err
}
