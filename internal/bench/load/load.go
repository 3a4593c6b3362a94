package load

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sys/unix"
)

// A Load holds the connections of one Spec.
type Load struct {
	spec    *Spec
	addr    unix.SockaddrInet4
	poll    int // the epoll set, edge-triggered
	events  [512]unix.EpollEvent
	flights []flight
	conns   []*conn
	buf     []byte // for every read
}

// Open opens the connections of a Spec to a server; those of Handshake are opened by the traffic.
func Open(addr netip.AddrPort, s *Spec) (l *Load, err error) {
	l = &Load{spec: s, flights: flights(s), buf: make([]byte, 256<<10)}
	l.addr = unix.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())}
	if l.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	for i := range s.Conns {
		c := &conn{fd: -1, index: i, load: l, flight: &l.flights[i%len(l.flights)]}
		l.conns = append(l.conns, c)
		if s.Kind == Handshake {
			continue
		}
		if err = c.dial(); err != nil {
			break
		}
		for !c.up && err == nil {
			err = l.serve(func(c *conn, _ int) error { return c.pong() })
		}
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Close resets all connections.
func (l *Load) Close() {
	for _, c := range l.conns {
		c.close()
	}
	unix.Close(l.poll)
}

// patience is how long no byte may move before a run is given up.
const patience = 20 * time.Second

// serve waits once, writes and reads what the sockets are ready for, and calls arrived for each connection with the
// number of messages that are whole, if there is any.
func (l *Load) serve(arrived func(c *conn, messages int) error) error {
	n, err := unix.EpollWait(l.poll, l.events[:], int(patience/time.Millisecond))
	switch {
	case errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		return fmt.Errorf("load: nothing arrived for %v", patience)
	}
	for _, event := range l.events[:n] {
		c, messages := l.conns[event.Fd], 0
		err := c.flush()
		if err == nil && event.Events&^unix.EPOLLOUT != 0 {
			messages, err = c.receive(l.buf)
		}
		if err == nil && messages > 0 {
			err = arrived(c, messages)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A span measures traffic while it flows. Its latencies are exact to one per cent.
type span struct {
	*hdrhistogram.Histogram
	start, end, now time.Time
}

func newSpan(d time.Duration) *span {
	now := time.Now()
	return &span{hdrhistogram.New(1, int64(10*time.Minute), 2), now, now.Add(d), now}
}

// add counts messages that have just arrived.
func (s *span) add(c *conn, messages int) {
	s.now = time.Now()
	s.RecordValues(int64(s.now.Sub(c.sent)), int64(messages))
}

// result is what the span came to.
func (s *span) result() Result {
	return Result{
		Messages: int(s.TotalCount()), Elapsed: s.now.Sub(s.start),
		P50: time.Duration(s.ValueAtQuantile(50)), P99: time.Duration(s.ValueAtQuantile(99)),
	}
}
