package soak

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ws "resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
)

var compressing = flag.Int("compressing", 50, "number of clients that compress")

// memoryLimit is for the server that compresses, as GOMEMLIMIT is.
const memoryLimit = 256 << 20

// TestCompressing has clients compare every echo, with context takeover both
// ways, on more connections than there are compressors.
func TestCompressing(t *testing.T) {
	server := start(t, "compressing")
	addr := server.line(t)
	compressAll(t, addr, *compressing, time.Second) // so that the server has seen as many before
	before := settled(t, addr, func(s state) bool { return s.Goroutines < *compressing })
	messages := compressAll(t, addr, *compressing, *lasts)
	after := settled(t, addr, func(s state) bool {
		return s.Goroutines <= before.Goroutines && s.Memory <= before.Memory+slack()
	})
	server.end(t)
	t.Logf("%d clients, %d messages; the server before: %v; and after: %v", *compressing, messages, before, after)
	compare(t, before, after)
}

// compressAll lets n clients use the server for a time, and returns how many
// messages came back.
func compressAll(t *testing.T, addr string, n int, lasts time.Duration) int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	var messages atomic.Int64
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := compress(ctx, addr, rand.New(rand.NewPCG(2, uint64(i))), &messages); err != nil {
				t.Errorf("client %d: %v", i, err)
			}
		})
	}
	all.Wait()
	return messages.Load()
}

// compress sends a message every interval until ctx is done, and compares what
// comes back.
func compress(ctx context.Context, addr string, random *rand.Rand, messages *atomic.Int64) error {
	connecting, cancel := context.WithTimeout(context.Background(), bearable)
	defer cancel()
	c, resp, err := ws.Connect(connecting, "ws://"+addr+"/", &ws.Options{
		MaxPayloadLen: maxPayload, Timeout: bearable, Deflate: new(handshake.Deflate), Proxy: http.ProxyURL(nil),
	})
	if err != nil {
		return err
	}
	defer c.CloseNow()
	if got := resp.Header.Get("Sec-WebSocket-Extensions"); got != "permessage-deflate" {
		return fmt.Errorf("agreed on %q", got)
	}
	next := time.NewTicker(interval)
	defer next.Stop()
	for {
		op, message := composeRecords(random)
		if err := c.SendFrame(true, op, message); err != nil {
			return err
		}
		if data, typ, err := c.RecvMessage(); err != nil || typ != op || !bytes.Equal(data, message) {
			return fmt.Errorf("%v of %d bytes came back as %v of %d bytes, %w", op, len(message), typ, len(data), err)
		}
		messages.Add(1)
		select {
		case <-next.C:
		case <-ctx.Done():
			return c.Close()
		}
	}
}

// composeRecords makes up a message that shrinks, or one time in four another.
func composeRecords(random *rand.Rand) (frame.Opcode, []byte) {
	if random.IntN(4) == 0 {
		return compose(random)
	}
	size := random.IntN(2000)
	if random.IntN(50) == 0 {
		size = random.IntN(60_000)
	}
	var b []byte
	for id := 0; len(b) < size; id++ {
		b = fmt.Appendf(b, `{"id":%d,"name":"Gr\u00fc\u00dfe","value":%d,"valid":%t},`, id, random.IntN(1000), random.IntN(2) == 0)
	}
	return frame.Text, b
}
