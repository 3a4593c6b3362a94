package endpoint

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/deflate"
	"resty.websocket/internal/wiretest"
)

// A reference is what inflates messages with package compress/flate alone.
type reference struct {
	windowLen int
	window    []byte
}

func (r *reference) inflate(t *testing.T, payload []byte) string {
	t.Helper()
	in := io.MultiReader(bytes.NewReader(payload), bytes.NewReader([]byte("\x00\x00\xff\xff\x01\x00\x00\xff\xff")))
	out, err := io.ReadAll(flate.NewReaderDict(in, r.window))
	if err != nil {
		t.Fatalf("compress/flate: %v", err)
	}
	r.window = append(r.window, out...)
	r.window = r.window[max(0, len(r.window)-r.windowLen):]
	return string(out)
}

// recvRaw receives a message as it is on the wire, in as many frames as it has.
func (p *peer) recvRaw(limit int) (raw, payload []byte, compressed bool) {
	p.t.Helper()
	for first := true; ; first = false {
		f, err := p.recv()
		if err != nil || (f.Opcode == frame.Continuation) == first || limit >= 0 && len(f.Payload) > limit {
			p.t.Fatalf("the peer receives %v of %d bytes, %v", f.Opcode, len(f.Payload), err)
		}
		raw = frame.AppendFrame(raw, f.Header, f.Payload)
		payload = append(payload, f.Payload...)
		if compressed = compressed || f.RSV1; f.Fin {
			return raw, payload, compressed
		}
	}
}

// TestPreparedAmongOthers sends and offers messages in all ways in turn, with all that
// can be agreed on. Another endpoint and compress/flate inflate them.
func TestPreparedAmongOthers(t *testing.T) {
	for bits := 8; bits <= 15; bits++ {
		for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
			for _, noTakeover := range []bool{false, true} {
				role, limit := frame.Role(level&1), []int{-1, 150}[bits&1]
				t.Run(fmt.Sprintf("bits=%d/level=%d/no_takeover=%t/%v/limit=%d", bits, level, noTakeover, role, limit), func(t *testing.T) {
					d := &handshake.Deflate{
						Threshold: 20, Level: level, ServerNoContextTakeover: noTakeover, ClientNoContextTakeover: noTakeover,
						ServerMaxWindowBits: bits, ClientMaxWindowBits: bits,
					}
					c, p := newPair(t, Config{Role: role, Deflate: d, MaxSendLen: limit})
					own, other := wiretest.Pipe()
					receiver := New(own, &Config{Role: p.role, Deflate: d}, nil)
					defer receiver.CloseNow()
					wire := &reference{windowLen: 1 << bits}
					for _, want := range sendMixed(t, c) {
						raw, payload, compressed := p.recvRaw(limit)
						got := string(payload)
						if compressed {
							got = wire.inflate(t, payload)
						}
						if got != want {
							t.Fatalf("the peer receives %.60q, want %.60q", got, want)
						}
						other.Write(raw)
						wantMessage(t, receiver, want, frame.Text)
					}
				})
			}
		}
	}
}

// sendMixed sends messages in all ways, and returns them.
func sendMixed(t *testing.T, c *Conn) (sent []string) {
	t.Helper()
	var prepared []*Prepared
	for _, n := range []int{10, 100, 500, 3000} {
		prepared = append(prepared, prepare(t, frame.Text, mixed(n)))
	}
	for i := range 120 {
		m := prepared[rand.IntN(len(prepared))]
		text := mixed(rand.IntN(140))
		var err error
		switch i % 4 {
		case 0:
			err = c.SendPrepared(m)
		case 1:
			err = c.Offer(m)
		case 2:
			err = c.SendString(text)
		case 3:
			if err = c.SendMessage(frame.Text, []byte(text)); i%3 == 0 {
				sent = append(sent, text)
				err = errors.Join(err, c.SendPlain(frame.Text, []byte(text)))
			}
		}
		if i%4 < 2 {
			text = string(m.payload)
		}
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, text)
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	return sent
}

// TestPreparedOnce prepares one message for many connections. It is compressed once for
// those that are alike, and encoded once for those that do not mask.
func TestPreparedOnce(t *testing.T) {
	text := mixed(5000)
	m := prepare(t, frame.Text, text)
	deep := &handshake.Deflate{Level: flate.BestCompression}
	for _, test := range []struct {
		cfg              Config
		payloads, frames int // of different kinds, so far
	}{
		{Config{}, 0, 1},
		{Config{}, 0, 1},
		{Config{MaxSendLen: 1000}, 0, 2},
		{Config{MaxSendLen: -1}, 0, 2},
		{Config{Deflate: takeover}, 1, 3},
		{Config{Deflate: takeover}, 1, 3},
		{Config{Deflate: noTakeover}, 1, 3},
		{Config{Deflate: &handshake.Deflate{Threshold: 10000}}, 1, 3},
		{Config{Deflate: deep}, 2, 4},
		{Config{Deflate: &handshake.Deflate{ServerMaxWindowBits: 9}}, 3, 5},
		{Config{Deflate: takeover, Role: frame.Client}, 3, 5},
		{Config{Deflate: takeover, Role: frame.Client}, 3, 5},
		{Config{Deflate: deep, MaxSendLen: 100}, 3, 6},
	} {
		before := m.payloads[compression{windowBits: 0}].payload
		c, p := newPair(t, test.cfg)
		if err := c.SendPrepared(m); err != nil {
			t.Fatal(err)
		}
		_, payload, compressed := p.recvRaw(-1)
		if compressed {
			payload = []byte((&reference{windowLen: 1 << 15}).inflate(t, payload))
		}
		if string(payload) != text || compressed != (test.cfg.Deflate != nil && test.cfg.Deflate.Threshold == 0) {
			t.Errorf("%+v: the peer receives %.40q, compressed %t", test.cfg, payload, compressed)
		}
		if len(m.payloads) != test.payloads || len(m.frames) != test.frames {
			t.Errorf("%+v: %d payloads, %d encodings, want %d, %d", test.cfg, len(m.payloads), len(m.frames), test.payloads, test.frames)
		}
		if after := m.payloads[compression{windowBits: 0}].payload; before != nil && &before[0] != &after[0] {
			t.Errorf("%+v: the message was compressed again", test.cfg)
		}
	}
	for kind, got := range m.payloads {
		fresh := deflate.Compressor{Level: kind.level, WindowBits: kind.windowBits}
		if want, _ := fresh.Compress(nil, m.payload); !bytes.Equal(got.payload, want) {
			t.Errorf("%+v: other bytes than a compressor's", kind)
		}
	}
}

// TestPreparedMasks sends the same message twice on two clients' connections. Each frame
// has a key of its own.
func TestPreparedMasks(t *testing.T) {
	m := prepare(t, frame.Binary, string(make([]byte, 1000)))
	keys := map[[4]byte]bool{}
	for range 2 {
		c, p := newPair(t, Config{Role: frame.Client})
		for range 2 {
			if err := errors.Join(c.SendPrepared(m), c.Offer(m)); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Flush(); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			f, err := p.recv()
			if err != nil || !f.Masked || !bytes.Equal(f.Payload, m.payload) {
				t.Fatalf("the peer receives %v, masked %t, %v", f.Opcode, f.Masked, err)
			}
			keys[f.MaskKey] = true
		}
	}
	if len(keys) != 8 {
		t.Errorf("8 frames have %d keys", len(keys))
	}
}

// TestPrepareRefuses prepares what cannot be sent.
func TestPrepareRefuses(t *testing.T) {
	for _, test := range []struct {
		op      frame.Opcode
		payload string
		want    error
	}{
		{frame.Text, "\xff", frame.ErrSendText},
		{frame.Text, "\xc3", frame.ErrSendText},
		{frame.Continuation, "", frame.ErrSendFrame},
		{frame.Ping, "", frame.ErrSendFrame},
		{frame.Close, "", frame.ErrSendFrame},
		{3, "", frame.ErrSendFrame},
	} {
		if m, err := Prepare(test.op, []byte(test.payload)); m != nil || !errors.Is(err, test.want) {
			t.Errorf("Prepare(%v, %q) = %v, %v, want %v", test.op, test.payload, m, err, test.want)
		}
	}
}

// TestPreparedKeepsNothing has the caller use the payload again.
func TestPreparedKeepsNothing(t *testing.T) {
	payload := []byte("hello")
	m, err := Prepare(frame.Text, payload)
	if err != nil {
		t.Fatal(err)
	}
	wiretest.Scribble(payload)
	c, p := newPair(t, Config{})
	if err := c.SendPrepared(m); err != nil {
		t.Fatal(err)
	}
	p.want(true, frame.Text, "hello")
}

// TestPreparedInsideAMessage sends a prepared message inside a fragmented one, and after
// a Close frame.
func TestPreparedInsideAMessage(t *testing.T) {
	for _, payload := range []string{"short", large("x")} {
		for _, noDelay := range []bool{false, true} {
			c, p := newPair(t, Config{NoDelay: noDelay})
			m := prepare(t, frame.Text, payload)
			c.SendFrame(false, frame.Text, []byte("begin"))
			if err := c.SendPrepared(m); !errors.Is(err, frame.ErrSendFrame) {
				t.Errorf("SendPrepared: %v, want %v", err, frame.ErrSendFrame)
			}
			if err := c.Offer(m); err != nil { // it is never sent
				t.Errorf("Offer: %v", err)
			}
			c.SendClose(frame.StatusGoingAway, "")
			for _, err := range []error{c.SendPrepared(m), c.Offer(m)} {
				if !errors.Is(err, frame.ErrSendClosed) {
					t.Errorf("after SendClose: %v, want %v", err, frame.ErrSendClosed)
				}
			}
			c.CloseNow()
			p.want(false, frame.Text, "begin")
			p.wantClose(frame.StatusGoingAway)
			p.wantEnd()
			if offered := c.send.traffic.takeOffered(); c.send.unsent != 0 || offered != nil {
				t.Errorf("%d bytes are unsent, %d messages offered", c.send.unsent, len(offered))
			}
		}
	}
}
