package servers

import (
	"context"
	"net"
	"syscall"
	"time"
)

// Where connections stop reading, every server has send buffers of sendBuffer bytes, for a peer to be noticed soon.
// Servers that write a broadcast in a loop give each connection as long as patience, and those with a goroutine for each
// connection outboxPatience.
const (
	sendBuffer     = 64 << 10
	patience       = 100 * time.Millisecond
	outboxPatience = 10 * time.Second
)

// listen listens on a loopback port. Accepted sockets inherit their buffers from the listening one.
func (j *Job) listen() (net.Listener, error) {
	var config net.ListenConfig
	if j.Stalled {
		config.Control = func(_, _ string, raw syscall.RawConn) (err error) {
			controlErr := raw.Control(func(fd uintptr) {
				err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_SNDBUF, sendBuffer)
			})
			if controlErr != nil {
				return controlErr
			}
			return err
		}
	}
	return config.Listen(context.Background(), "tcp4", "127.0.0.1:0")
}

// An outbox holds the messages for one connection, which a goroutine of its own sends. This is how the chat examples of
// gorilla and coder keep a slow peer from holding up the rest.
type outbox[M any] chan M

// newOutbox starts the goroutine, which ends when the outbox is closed. There may be size messages in it.
func newOutbox[M any](size int, send func(M)) outbox[M] {
	o := make(outbox[M], size)
	go func() {
		for m := range o {
			send(m)
		}
	}()
	return o
}

// put reports false if the outbox is full.
func (o outbox[M]) put(m M) bool {
	select {
	case o <- m:
		return true
	default:
		return false
	}
}
