package endpoint

import (
	"bytes"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestPendingModel does at random what a sender does to its pending bytes, and holds
// them against a plain queue.
func TestPendingModel(t *testing.T) {
	for seed := range uint64(30) {
		m := &pendingModel{t: t, random: rand.New(rand.NewPCG(seed, 2))}
		for range 300 {
			switch m.random.IntN(7) {
			case 0, 1:
				m.append()
			case 2:
				m.share()
			case 3:
				n := m.random.IntN(len(m.pending.first(m.pending.len())) + 1)
				m.pending.consume(n)
				m.queue = m.queue[n:]
			case 4:
				m.take()
			case 5:
				m.putBack()
			case 6: // somebody else uses the slabs
				scribbleSlabs(t)
			}
			m.check()
		}
		m.taken.free()
		m.pending.drop()
	}
}

// A pendingModel is pending bytes beside a queue that has to be the same.
type pendingModel struct {
	t       *testing.T
	random  *rand.Rand
	pending pending
	queue   []byte

	taken      *slab
	inWrite    []byte // of taken, or shared
	writeQueue []byte
}

func (m *pendingModel) payload() []byte {
	p := make([]byte, m.random.IntN(1<<m.random.IntN(16)))
	for i := range p {
		p[i] = byte(m.random.Uint32())
	}
	return p
}

// append adds a frame, for which the buffer may have to grow.
func (m *pendingModel) append() {
	payload := m.payload()
	h := frame.Header{Fin: true, Opcode: frame.Binary, Length: int64(len(payload))}
	if h.Masked = m.random.IntN(2) == 0; h.Masked {
		h.MaskKey = [4]byte{1, 2, 3, byte(m.random.Uint32())}
	}
	b := m.pending.space(maxHeaderLen+len(payload), []int{0, maxPending}[m.random.IntN(2)])
	end := &b[:1][0]
	if b = frame.AppendFrame(b, h, payload); &b[0] != end {
		m.t.Fatal("the buffer has no room")
	}
	if n := m.pending.extend(b); n != h.Len()+len(payload) {
		m.t.Fatalf("%d bytes are added of %d", n, h.Len()+len(payload))
	}
	m.queue = frame.AppendFrame(m.queue, h, payload)
	wiretest.Scribble(payload)
}

// share adds bytes that are not copied.
func (m *pendingModel) share() {
	b := append(m.payload(), 0)
	m.pending.share(b)
	m.queue = append(m.queue, b...)
}

// take hands bytes to a write, which the last one has ended for.
func (m *pendingModel) take() {
	m.taken.free()
	m.inWrite, m.taken = m.pending.take(m.pending.len())
	m.writeQueue, m.queue = m.queue[:len(m.inWrite)], m.queue[len(m.inWrite):]
}

// putBack ends a write that has written a part.
func (m *pendingModel) putBack() {
	if len(m.inWrite) == 0 {
		return
	}
	n := m.random.IntN(len(m.inWrite))
	m.pending.putBack(m.inWrite[n:], m.taken)
	m.queue = append(bytes.Clone(m.writeQueue[n:]), m.queue...)
	m.taken, m.inWrite, m.writeQueue = nil, nil, nil
}

func (m *pendingModel) check() {
	m.t.Helper()
	if m.pending.len() != len(m.queue) {
		m.t.Fatalf("%d bytes are pending of %d", m.pending.len(), len(m.queue))
	}
	if first := m.pending.first(m.pending.len()); !bytes.HasPrefix(m.queue, first) || len(first) == 0 && len(m.queue) > 0 {
		m.t.Fatalf("%d bytes that are pending first are others than were added", len(first))
	}
	if !bytes.Equal(m.inWrite, m.writeQueue) {
		m.t.Fatal("other bytes are written than were added")
	}
}

// TestWriteKeepsItsMemory has somebody else use all buffers that are free while a
// write is under way.
func TestWriteKeepsItsMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Role: frame.Client, Deflate: takeover})
		p.own.SetWriteBuffer(5)
		text := strings.Repeat("x", 3000)
		for _, send := range []func() error{
			func() error { return c.SendPlain(frame.Text, []byte(text)) },
			func() error { return c.SendString(text[:100]) },
			func() error { return c.SendMessage(frame.Ping, []byte(text[:125])) },
		} {
			done := make(chan error)
			waits(func() { done <- send() })
			scribbleSlabs(t)
			f, err := p.recv()
			if err != nil || strings.Trim(string(f.Payload), "x") != "" {
				t.Errorf("the peer receives %v %.40q, %v", f.Opcode, f.Payload, err)
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// TestVectorKeepsItsMemory has somebody else use all vectors that are free while one
// is written.
func TestVectorKeepsItsMemory(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // their pool has parts, one a processor
	for range 5 {                                   // which forgets some under the race detector
		c, p := newTCPPair(t, Config{MaxSendLen: -1})
		sent := make(chan error)
		payload := bytes.Repeat([]byte("payload!"), 1<<20) // more than TCP takes
		go func() { sent <- c.SendFrame(true, frame.Binary, payload) }()
		if _, err := p.in.Peek(1); err != nil {
			t.Fatal(err)
		}
		free := vectors.New
		vectors.New = func() any { return nil }
		for v, ok := vectors.Get().(*vector); ok; v, ok = vectors.Get().(*vector) {
			wiretest.Scribble(v.header[:])
			v.parts = [2][]byte{v.header[:], v.header[:]}
			v.rest = v.parts[:0]
		}
		vectors.New = free
		f, err := p.recv()
		if err != nil || !bytes.Equal(f.Payload, payload) {
			t.Errorf("the peer receives %v of %d bytes, %v", f.Opcode, len(f.Payload), err)
		}
		if err := <-sent; err != nil {
			t.Error(err)
		}
	}
}

// TestLargeFrameIsNotHeldBack has frames held back when a large one is sent. It is
// written, and its memory is not kept.
func TestLargeFrameIsNotHeldBack(t *testing.T) {
	for _, role := range []frame.Role{frame.Server, frame.Client} {
		synctest.Test(t, func(t *testing.T) {
			c, p := newPair(t, Config{Role: role, MaxPayloadLen: -1})
			p.sendTogether("one", "two")
			echo(t, c, "one")
			p.wantWrites(0)
			large := strings.Repeat("x", 8<<20)
			if err := c.SendFrame(true, frame.Binary, []byte(large)); err != nil {
				t.Fatal(err)
			}
			if n := c.send.slabLen(); n > 0 {
				t.Errorf("%d bytes are held", n)
			}
			p.want(true, frame.Text, "one")
			p.want(true, frame.Binary, large)
			if err := c.SendString("small"); err != nil {
				t.Fatal(err)
			}
			if n := c.send.slabLen(); n > maxPending+slabSlack {
				t.Errorf("%d bytes are held for a small frame", n)
			}
		})
	}
}

// slabLen returns the bytes that are held for pending frames.
func (s *sender) slabLen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending.slab == nil {
		return 0
	}
	return len(s.pending.slab.buf)
}

// TestLargeFrameIsNotCopied sends a frame so long that a copy of it would be new memory.
func TestLargeFrameIsNotCopied(t *testing.T) {
	c, p := newTCPPair(t, Config{MaxSendLen: -1})
	payload := make([]byte, minSlabLen<<slabClasses)
	received := make(chan error)
	go func() {
		_, err := io.CopyN(io.Discard, p.Conn, int64(10+len(payload)))
		received <- err
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := c.SendFrame(true, frame.Binary, payload); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if err := <-received; err != nil {
		t.Error(err)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n >= uint64(len(payload)) {
		t.Errorf("%d bytes were allocated to send %d", n, len(payload))
	}
}

// TestRefusedFrameHoldsNothing sends texts that are refused, compressed or not. No memory
// is kept for them.
func TestRefusedFrameHoldsNothing(t *testing.T) {
	for name, cfg := range map[string]Config{"plain": {}, "deflate": {Deflate: noTakeover}} {
		c, _ := newPair(t, cfg)
		if err := c.SendString(strings.Repeat("\xff", 2000)); err != frame.ErrSendText {
			t.Errorf("%s: %v, want %v", name, err, frame.ErrSendText)
		}
		if n := c.send.slabLen(); n > 0 {
			t.Errorf("%s: a slab of %d bytes is held", name, n)
		}
	}
}
