package endpoint

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"syscall"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

func TestRecvFrame(t *testing.T) {
	c, p := newPair(t, Config{})
	p.send(true, frame.Text, "whole")
	p.send(false, frame.Text, "frag")
	p.send(true, frame.Ping, "ping")
	p.send(false, frame.Continuation, "men")
	p.send(true, frame.Pong, "pong")
	p.send(true, frame.Continuation, "ted")
	p.send(true, frame.Binary, "")
	p.sendClose(frame.StatusGoingAway, "bye")
	wantFrame(t, c, "whole", frame.Text, nil)
	wantFrame(t, c, "frag", frame.Text, ErrAgain)
	wantFrame(t, c, "ping", frame.Ping, nil)
	wantFrame(t, c, "men", frame.Continuation, ErrAgain)
	wantFrame(t, c, "pong", frame.Pong, nil)
	wantFrame(t, c, "ted", frame.Continuation, nil)
	data, typ, err := c.RecvFrame()
	if data == nil || len(data) > 0 || typ != frame.Binary || err != nil {
		t.Errorf("RecvFrame = %#v, %v, %v, want an empty binary frame", data, typ, err)
	}
	wantFatal(t, c, nil)
	data, typ, err = c.RecvFrame()
	if string(data) != "bye" || typ != frame.Close {
		t.Errorf("RecvFrame = %q, %v, want the close", data, typ)
	}
	wantClosed(t, err, frame.StatusGoingAway, "bye")
	wantClosed(t, c.Fatal(), frame.StatusGoingAway, "bye")
}

// A delivery is a way for the bytes of a vector to arrive.
type delivery struct {
	name  string
	early int             // as many of them came with the handshake
	steps []wiretest.Step // how the others are read
}

// deliveries returns ways in which n bytes can arrive: cut at every place,
// behind the handshake and after it, one by one, and with a timeout before
// each. Long streams come in longer pieces, and are cut in their first header
// and before their end.
func deliveries(n int) []delivery {
	ways := []delivery{{name: "at once"}, {name: "piece by piece"}, {name: "piece by piece, with timeouts"}}
	cuts, piece := wiretest.Cuts(n), 1
	switch {
	case n > 96<<10:
		return []delivery{{name: "cut", steps: []wiretest.Step{{N: n - 1}, {Err: os.ErrDeadlineExceeded}}}}
	case n > 4<<10:
		cuts, piece = append(cuts[:16:16], cuts[len(cuts)-4:]...), 61
	}
	for i := 0; i < n; i += piece {
		ways[1].steps = append(ways[1].steps, wiretest.Step{N: piece})
		ways[2].steps = append(ways[2].steps, wiretest.Step{Err: os.ErrDeadlineExceeded}, wiretest.Step{}, wiretest.Step{N: piece})
	}
	for _, cut := range cuts {
		ways = append(ways,
			delivery{name: "early", early: cut},
			delivery{name: "cut", steps: []wiretest.Step{{N: cut}, {Err: os.ErrDeadlineExceeded}, {}}},
		)
	}
	return ways
}

// plainVectors returns those vectors that a connection without an extension can
// receive.
func plainVectors(t *testing.T) []wiretest.Vector {
	return slices.DeleteFunc(wiretest.Vectors(t), func(v wiretest.Vector) bool { return v.RSV1 })
}

// TestVectors receives each vector, however its bytes arrive.
func TestVectors(t *testing.T) {
	for _, v := range plainVectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			for _, way := range deliveries(len(v.Bytes)) {
				recvVector(t, v, way)
			}
		})
	}
}

// recvVector receives what comes of a vector and checks it.
func recvVector(t *testing.T, v wiretest.Vector, way delivery) {
	t.Helper()
	cfg := Config{MaxRecvLen: int(v.MaxPayloadLen)}
	if v.Receiver == frame.Client.String() {
		cfg.Role = frame.Client
	}
	own, other := wiretest.Pipe()
	c := New(own, &cfg, v.Bytes[:way.early])
	defer c.CloseNow()
	own.ScriptReads(way.steps...)
	other.Write(v.Bytes[way.early:])
	other.Close()
	for i, want := range v.Frames {
		data, typ, err := recvPatiently(c)
		if !isResult(data, typ, err, want) {
			t.Fatalf("frame %d of %s, %d early: %v %.40q, %v, want %v %.40q, FIN %t",
				i, way.name, way.early, typ, data, err, frame.Opcode(want.Opcode), want.Payload, want.Fin)
		}
	}
	data, typ, err := recvPatiently(c)
	if closed := c.Fatal(); data != nil || typ != 0 || err == nil || err != closed {
		t.Errorf("after the last frame: %q, %v, %v; Fatal() = %v", data, typ, err, closed)
	}
	checkVectorEnd(t, v, err)
}

// recvPatiently receives a frame, however often that times out.
func recvPatiently(c *Conn) (data []byte, typ frame.Opcode, err error) {
	for {
		data, typ, err = c.RecvFrame()
		if err != os.ErrDeadlineExceeded || c.Fatal() != nil {
			return data, typ, err
		}
	}
}

// isResult reports whether RecvFrame has returned what it should for a frame.
func isResult(data []byte, typ frame.Opcode, err error, f wiretest.Frame) bool {
	var closed *frame.CloseError
	var want error
	payload := f.Payload
	switch {
	case errors.As(err, &closed):
		code, reason, _ := frame.ParseClose(payload)
		if *closed != (frame.CloseError{Code: code, Reason: reason}) {
			return false
		}
		want, payload = err, []byte(reason)
	case !f.Fin:
		want = ErrAgain
	}
	return typ == frame.Opcode(f.Opcode) && err == want && bytes.Equal(data, payload)
}

// checkVectorEnd checks what ended the connection behind a vector.
func checkVectorEnd(t *testing.T, v wiretest.Vector, err error) {
	t.Helper()
	switch {
	case v.Err != nil:
		if want := (&frame.ProtocolError{Code: frame.StatusCode(v.Err.Code), Reason: v.Err.Reason}); !errors.Is(err, want) {
			t.Errorf("the end: %v, want %d %s", err, v.Err.Code, v.Err.Reason)
		}
	case v.Incomplete:
		if err != io.ErrUnexpectedEOF {
			t.Errorf("the end: %v, want %v", err, io.ErrUnexpectedEOF)
		}
	case !isClose(err) && err != io.EOF:
		t.Errorf("the end: %v, want EOF or a close", err)
	}
}

// TestVectorFailures has the Close frame that is due for each vector's error
// reach the peer, and nothing else.
func TestVectorFailures(t *testing.T) {
	for _, v := range plainVectors(t) {
		if v.Err == nil || len(v.Bytes) > 128<<10 {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			cfg := Config{MaxRecvLen: int(v.MaxPayloadLen)}
			if v.Receiver == frame.Client.String() {
				cfg.Role = frame.Client
			}
			c, p := newPair(t, cfg)
			p.sendBytes(v.Bytes)
			recvToEnd(c)
			p.wantClose(frame.StatusCode(v.Err.Code))
			p.wantEnd()
		})
	}
}

// TestReadFaults has each Read of a stream of frames fail. The frames that
// were whole before are delivered, and then nothing but the error.
func TestReadFaults(t *testing.T) {
	oops := errors.New("oops")
	for _, test := range []struct {
		name string
		err  error // of the connection
		want error // between frames
		in   error // inside a frame
	}{
		{"7.1.5/end_of_tcp", io.EOF, io.EOF, io.ErrUnexpectedEOF},
		{"7.1.5/reset", syscall.ECONNRESET, syscall.ECONNRESET, syscall.ECONNRESET},
		{"7.1.5/closed_by_the_caller", net.ErrClosed, net.ErrClosed, net.ErrClosed},
		{"7.1.5/anything", oops, oops, oops},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, p := newPair(t, Config{})
			payloads := []string{"first", "", "the third one"}
			var stream []byte
			ends := map[int]bool{0: true}
			for _, payload := range payloads {
				stream = append(stream, p.frame(true, frame.Text, payload)...)
				ends[len(stream)] = true
			}
			for i := range stream {
				own, other := wiretest.Pipe()
				c := New(own, &Config{}, nil)
				own.ScriptReads(wiretest.Step{N: i}, wiretest.Step{Err: test.err})
				other.Write(stream)
				want := test.in
				if ends[i] {
					want = test.want
				}
				if i == 0 {
					own.ScriptReads(wiretest.Step{Err: test.err})
				}
				got := 0
				for data, _, err := c.RecvFrame(); err == nil; data, _, err = c.RecvFrame() {
					if string(data) != payloads[got] {
						t.Fatalf("frame %d: %q, want %q", got, data, payloads[got])
					}
					got++
				}
				if err := c.Fatal(); !errors.Is(err, want) {
					t.Errorf("after %d bytes: %v, want %v", i, err, want)
				}
				if err := c.SendFrame(true, frame.Text, nil); err != c.Fatal() {
					t.Errorf("SendFrame: %v, want %v", err, c.Fatal())
				}
				c.CloseNow()
			}
		})
	}
}

// TestReadWithError has a Read return bytes and an error together. The bytes
// count first.
func TestReadWithError(t *testing.T) {
	c, p := newPair(t, Config{})
	p.send(true, frame.Text, "last words")
	p.own.ScriptReads(wiretest.Step{N: 1 << 10, Err: io.EOF}, wiretest.Step{Err: io.EOF})
	wantFrame(t, c, "last words", frame.Text, nil)
	wantFrame(t, c, "", 0, io.EOF)
	wantFatal(t, c, io.EOF)
}
