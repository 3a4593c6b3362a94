package frame

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"resty.websocket/internal/wiretest"
)

// writes is an io.Writer that keeps the bytes of each call.
type writes [][]byte

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, bytes.Clone(p))
	return len(p), nil
}

// TestWriterVectors writes the frames of every vector and reads them back. The
// bytes for a client are those of the vector.
func TestWriterVectors(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		role := Server
		if receiver(v) == Server {
			role = Client
		}
		var got writes
		w := NewWriter(&got, role, -1)
		for i, f := range v.Frames {
			if f.RSV1 {
				return // a Writer does not set RSV1
			}
			payload := bytes.Clone(f.Payload)
			n, err := w.WriteFrame(f.Fin, Opcode(f.Opcode), payload)
			if err != nil || len(got) != i+1 || n != len(got[i]) {
				t.Fatalf("frame %d: %d, %v, %d writes", i, n, err, len(got))
			}
			if !bytes.Equal(payload, f.Payload) {
				t.Fatalf("frame %d: the payload is modified", i)
			}
		}
		stream := bytes.Join(got, nil)
		if role == Server && !bytes.HasPrefix(v.Bytes, stream) {
			t.Fatalf("% .80x, want % .80x", stream, v.Bytes)
		}
		v.Err, v.Incomplete = nil, false
		readAll(t, newVectorReader(bytes.NewReader(stream), v), v)
	})
}

func TestWriterRefuses(t *testing.T) {
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			var got writes
			w := NewWriter(&got, Client, 200)
			for _, s := range tt.before {
				if _, err := w.WriteFrame(s.fin, s.op, []byte(s.payload)); err != nil {
					t.Fatalf("%+v: %v", s, err)
				}
			}
			n, err := w.WriteFrame(tt.frame.fin, tt.frame.op, []byte(tt.frame.payload))
			if n != 0 || !errors.Is(err, tt.want) || len(got) != len(tt.before) {
				t.Errorf("%d, %v, %d writes, want %v and nothing written", n, err, len(got)-len(tt.before), tt.want)
			}
			if errors.Is(tt.want, ErrSendClosed) {
				return
			}
			if _, err := w.WriteFrame(true, Ping, nil); err != nil {
				t.Errorf("the next frame: %v", err)
			}
		})
	}
}

// TestWriterErrorStays tests that a Writer writes nothing after a Write that
// failed, because it may have written half a frame.
func TestWriterErrorStays(t *testing.T) {
	oops := errors.New("oops")
	for _, tt := range []struct {
		name string
		step wiretest.Step
		want error
	}{
		{"nothing", wiretest.Step{Err: oops}, oops},
		{"half", wiretest.Step{N: 3, Err: os.ErrDeadlineExceeded}, os.ErrDeadlineExceeded},
		{"half_without_error", wiretest.Step{N: 3}, io.ErrShortWrite},
		{"all", wiretest.Step{N: 4, Err: oops}, oops},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, _ := wiretest.Pipe()
			a.ScriptWrites(tt.step)
			w := NewWriter(a, Server, 0)
			if n, err := w.WriteFrame(true, Text, []byte("hi")); n != tt.step.N || err != tt.want {
				t.Errorf("%d, %v, want %d, %v", n, err, tt.step.N, tt.want)
			}
			if n, err := w.WriteFrame(true, Ping, nil); n != 0 || err != tt.want || a.Writes() != 1 {
				t.Errorf("the next frame: %d, %v, %d writes, want %v and no write", n, err, a.Writes(), tt.want)
			}
		})
	}
}

// TestWriterKeepsLittle tests that a Writer does not keep the buffer of a large
// frame.
func TestWriterKeepsLittle(t *testing.T) {
	w := NewWriter(io.Discard, Server, -1)
	for _, n := range []int{10, 65535, 1 << 20} {
		if _, err := w.WriteFrame(true, Binary, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
		if cap(w.buf) > maxKeptLen {
			t.Errorf("after %d bytes: a buffer of %d", n, cap(w.buf))
		}
	}
}
