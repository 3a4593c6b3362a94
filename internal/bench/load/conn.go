package load

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The opening handshake, with the key and the accept value of RFC 6455, Section 1.3.
const (
	request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
	switching = "HTTP/1.1 101 "
	accept    = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// A conn is one connection. The response to its handshake counts as a message.
type conn struct {
	fd, index int
	load      *Load
	replies

	response []byte
	up       bool // the response is whole
	flight   *flight
	out      []byte // what the socket has not taken
	due      int    // messages to come
	sent     time.Time
}

// dial connects the socket, puts it into the poller and sends the request. The socket is reset when it is closed, so that
// tens of thousands of them leave no port in TIME_WAIT.
func (c *conn) dial() (err error) {
	if c.fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return err
	}
	spec := c.load.spec
	c.response, c.up, c.due, c.replies = c.response[:0], false, 1, replies{size: spec.Size}
	if c.ping = spec.Kind == Heartbeat; c.ping {
		c.due = math.MaxInt
	}
	if spec.Deflate != Plain {
		c.inflater = &inflater{takeover: spec.Deflate == Takeover}
	}
	c.out = []byte(request + offers[spec.Deflate] + "\r\n")
	const events = unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLET&0xffff_ffff
	return errors.Join(
		unix.SetsockoptInt(c.fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.SetsockoptLinger(c.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}),
		unix.Connect(c.fd, &c.load.addr),
		unix.SetNonblock(c.fd, true),
		unix.EpollCtl(c.load.poll, unix.EPOLL_CTL_ADD, c.fd, &unix.EpollEvent{Events: events, Fd: int32(c.index)}),
		c.flush(),
	)
}

// pong sends the answers to Pings that have arrived.
func (c *conn) pong() error {
	c.sent, c.out, c.pongs = time.Now(), append(c.out, c.pongs...), c.pongs[:0]
	return c.flush()
}

func (c *conn) close() {
	if c.fd >= 0 {
		unix.Close(c.fd)
		c.fd = -1
	}
}

// expect prepares for the echoes of f. Their payloads are compared if check is set.
func (c *conn) expect(f *flight, now time.Time, check bool) {
	if c.want = nil; check {
		c.want = f.echoes
	}
	c.next, c.flight, c.due, c.sent = 0, f, f.due, now
}

// flush writes what the socket takes.
func (c *conn) flush() error {
	for len(c.out) > 0 {
		n, err := unix.Write(c.fd, c.out)
		if errors.Is(err, unix.EAGAIN) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("load: write: %w", err)
		}
		c.out = c.out[n:]
	}
	return nil
}

// receive reads into buf until the socket is empty and returns how many messages that completed.
func (c *conn) receive(buf []byte) (messages int, err error) {
	for n := len(buf); n == len(buf); {
		n, err = unix.Read(c.fd, buf)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return messages, nil
		case err != nil:
			return messages, fmt.Errorf("load: read: %w", err)
		case n == 0:
			return messages, errors.New("load: the server closed a connection")
		}
		arrived, err := c.arrive(buf[:n])
		if err != nil {
			return messages, err
		}
		messages += arrived
		if c.due -= arrived; c.due < 0 {
			return messages, fmt.Errorf("load: %d messages more than were sent", -c.due)
		}
	}
	return messages, nil
}

// arrive takes bytes of the response or, after it, of messages.
func (c *conn) arrive(b []byte) (messages int, err error) {
	if c.up {
		return c.feed(b)
	}
	c.response = append(c.response, b...)
	head, rest, whole := strings.Cut(string(c.response), "\r\n\r\n")
	switch {
	case !whole:
		return 0, nil
	case !strings.HasPrefix(head, switching), !strings.Contains(head, accept):
		return 0, fmt.Errorf("load: not upgraded: %q", head)
	case rest != "":
		return 0, fmt.Errorf("load: %d bytes came after the handshake, unasked", len(rest))
	}
	c.up = true
	return 1, c.load.spec.Deflate.check(head)
}
