package server

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"slices"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// A received is what RecvFrame has returned.
type received struct {
	data []byte
	typ  frame.Opcode
	err  error
}

// recvAll receives until the connection ends.
func recvAll(c *Conn) (all []received) {
	for {
		data, typ, err := c.RecvFrame()
		if errors.Is(err, os.ErrDeadlineExceeded) && c.Fatal() == nil {
			continue
		}
		all = append(all, received{bytes.Clone(data), typ, err})
		if c.Fatal() != nil {
			return all
		}
	}
}

// TestVectors sends the vectors over TCP: at once, and a byte at a time while
// the server times out whenever it likes.
func TestVectors(t *testing.T) {
	for _, way := range []struct {
		name    string
		timeout time.Duration
		piece   int
		longest int // of the vectors
	}{
		{"at_once", 0, 1 << 20, 128 << 10},
		{"byte_by_byte", time.Millisecond, 1, 300},
	} {
		for _, v := range wiretest.Vectors(t) {
			if v.Receiver != "server" || v.RSV1 || len(v.Bytes) > way.longest {
				continue
			}
			t.Run(v.Name+"/"+way.name, func(t *testing.T) {
				results := make(chan []received, 1)
				opts := &Options{MaxRecvLen: int(v.MaxPayloadLen), Timeout: way.timeout}
				ts := httptest.NewServer(Handler(opts, func(c *Conn) { results <- recvAll(c) }))
				defer ts.Close()
				nc := dial(t, ts.Listener.Addr(), "")
				for piece := range slices.Chunk(v.Bytes, way.piece) {
					if _, err := nc.Write(piece); err != nil {
						break // the server reads nothing behind a Close frame
					}
				}
				if v.Err != nil {
					wantClose(t, nc, frame.StatusCode(v.Err.Code))
				}
				nc.CloseWrite()
				checkVector(t, v, <-results)
			})
		}
	}
}

// checkVector checks what was received of a vector.
func checkVector(t *testing.T, v wiretest.Vector, all []received) {
	t.Helper()
	for i, want := range v.Frames {
		if i >= len(all) {
			t.Fatalf("%d frames were received, want %d", len(all), len(v.Frames))
		}
		got, payload, wantErr := all[i], want.Payload, error(nil)
		var closed *frame.CloseError
		switch {
		case errors.As(got.err, &closed):
			_, reason, _ := frame.ParseClose(payload)
			payload, wantErr = []byte(reason), got.err
		case !want.Fin:
			wantErr = ErrAgain
		}
		if got.typ != frame.Opcode(want.Opcode) || got.err != wantErr || !bytes.Equal(got.data, payload) {
			t.Fatalf("frame %d: %v %.40q, %v, want %v %.40q, FIN %t", i, got.typ, got.data, got.err, frame.Opcode(want.Opcode), payload, want.Fin)
		}
	}
	last := all[len(all)-1]
	var broken *frame.ProtocolError
	if v.Err != nil {
		if want := (&frame.ProtocolError{Code: frame.StatusCode(v.Err.Code), Reason: v.Err.Reason}); !errors.Is(last.err, want) {
			t.Errorf("the end: %v, want %d %s", last.err, v.Err.Code, v.Err.Reason)
		}
	}
	if v.Err == nil && errors.As(last.err, &broken) {
		t.Errorf("the end: %v", last.err)
	}
}

// TestVectorsEachWay has every way of serving give the messages of a vector, and the
// error at its end, that RecvMessage gives.
func TestVectorsEachWay(t *testing.T) {
	for _, v := range wiretest.Vectors(t) {
		if v.Receiver != "server" || v.RSV1 {
			continue
		}
		t.Run(v.Name, func(t *testing.T) {
			var want []received
			eachWay(t, func(t *testing.T, w way) {
				r := newRecord()
				ts := w.start(t, &Options{MaxRecvLen: int(v.MaxPayloadLen)}, func(*Conn) Session { return r }, nil)
				nc := dial(t, ts.Listener.Addr(), "")
				nc.Write(v.Bytes)
				nc.CloseWrite()
				last := received{err: <-r.closed}
				got := append(r.all, last)
				if want == nil {
					want = got // of New
				}
				if !slices.EqualFunc(got, want, received.equal) {
					t.Errorf("received %.200v, want %.200v", got, want)
				}
			})
		})
	}
}

func (r received) equal(other received) bool {
	return r.typ == other.typ && bytes.Equal(r.data, other.data) && fmt.Sprint(r.err) == fmt.Sprint(other.err)
}

// TestCloseReachesABusyClient has a client send on and on behind what is wrong,
// and look for the Close frame only then.
func TestCloseReachesABusyClient(t *testing.T) {
	for _, test := range []struct {
		name string
		b    string
		code frame.StatusCode
	}{
		{"5.1/unmasked", "\x81\x05hello", frame.StatusProtocolError},
		{"8.1/not_utf8", sent(true, frame.Text, "\xc0"+string(make([]byte, 60000)))[:20], frame.StatusInvalidFramePayloadData},
		{"10.4/too_long", sent(true, frame.Binary, string(make([]byte, 1<<20+1)))[:14], frame.StatusMessageTooBig},
	} {
		t.Run(test.name, func(t *testing.T) {
			eachWay(t, func(t *testing.T, w way) {
				ts := w.start(t, nil, echoing, nil)
				nc := dial(t, ts.Listener.Addr(), test.b)
				garbage := net.Buffers{make([]byte, 8<<20)}
				if _, err := garbage.WriteTo(nc); err != nil {
					t.Fatal(err)
				}
				wantClose(t, nc, test.code)
			})
		})
	}
}
