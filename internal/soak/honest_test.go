package soak

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// interval is how often an honest client sends a message.
const interval = 100 * time.Millisecond

// bearable is the longest that an honest client waits for an echo.
const bearable = 20 * time.Second

// A client is an honest one: it plays by the rules, with the codec alone.
type client struct {
	nc net.Conn
	r  *frame.Reader
	w  *frame.Writer
}

// connect connects to the server at addr.
func connect(ctx context.Context, addr string) (*client, error) {
	nc, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	nc.SetDeadline(time.Now().Add(bearable))
	var half handshake.Client
	if _, err := half.Upgrade(nc, &url.URL{Scheme: "ws", Host: addr, Path: "/"}); err != nil {
		nc.Close()
		return nil, err
	}
	return &client{nc, frame.NewReader(nc, frame.Client, maxPayload), frame.NewWriter(nc, frame.Client, maxPayload)}, nil
}

// exchange sends a message in so many fragments and checks each byte of its
// echo.
func (c *client) exchange(op frame.Opcode, message []byte, fragments int) error {
	c.nc.SetDeadline(time.Now().Add(bearable))
	size := len(message)/fragments + 1
	for rest, first := message, op; ; first = frame.Continuation {
		n := min(size, len(rest))
		if _, err := c.w.WriteFrame(n == len(rest), first, rest[:n]); err != nil {
			return err
		}
		if rest = rest[n:]; len(rest) == 0 {
			break
		}
	}
	f, err := c.r.ReadFrame()
	if err != nil {
		return err
	}
	if f.Opcode != op || !f.Fin || !bytes.Equal(f.Payload, message) {
		return fmt.Errorf("%v of %d bytes came back as %v of %d bytes, or with other bytes", op, len(message), f.Opcode, len(f.Payload))
	}
	return nil
}

// close does the closing handshake.
func (c *client) close() error {
	defer c.nc.Close()
	if _, err := c.w.WriteFrame(true, frame.Close, frame.AppendClose(nil, frame.StatusNormalClosure, "")); err != nil {
		return err
	}
	f, err := c.r.ReadFrame()
	if err == nil && f.Opcode != frame.Close {
		err = fmt.Errorf("%v, want a Close frame", f.Opcode)
	}
	return err
}

// use sends a message every interval until ctx is done, and returns how long
// the echoes took.
func (c *client) use(ctx context.Context, random *rand.Rand) (took []time.Duration, err error) {
	// They do not all start at the same moment.
	select {
	case <-time.After(time.Duration(random.Int64N(int64(interval)))):
	case <-ctx.Done():
	}
	next := time.NewTicker(interval)
	defer next.Stop()
	for {
		op, message := compose(random)
		began := time.Now()
		if err := c.exchange(op, message, 1+random.IntN(3)); err != nil {
			return took, err
		}
		took = append(took, time.Since(began))
		select {
		case <-next.C:
		case <-ctx.Done():
			return took, c.close()
		}
	}
}

// compose makes up a message, short as a rule.
func compose(random *rand.Rand) (frame.Opcode, []byte) {
	n := random.IntN(1000)
	if random.IntN(100) == 0 {
		n = random.IntN(100_000)
	}
	message := make([]byte, n)
	for i := range message {
		message[i] = byte(random.Uint32())
	}
	if random.IntN(2) == 0 {
		return frame.Binary, message
	}
	return frame.Text, bytes.ToValidUTF8(message, []byte("\u00e4"))
}

// useAll lets n clients use the server at addr for a time, and returns how long
// the echoes took, the shortest first.
func useAll(t *testing.T, addr string, n int, lasts time.Duration) (took []time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			c, err := connect(t.Context(), addr)
			if err != nil {
				t.Errorf("honest client %d: %v", i, err)
				return
			}
			some, err := c.use(ctx, rand.New(rand.NewPCG(1, uint64(i))))
			if err != nil {
				t.Errorf("honest client %d: after %d echoes: %v", i, len(some), err)
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, some...)
		})
	}
	all.Wait()
	slices.Sort(took)
	return took
}
