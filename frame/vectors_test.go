package frame

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"resty.websocket/internal/wiretest"
)

func TestMain(m *testing.M) { wiretest.Main(m) }

// loaded is the result of vectors.
var loaded []wiretest.Vector

// vectors returns the vectors. All tests share their memory and must not write to
// it.
func vectors(tb testing.TB) []wiretest.Vector {
	if loaded == nil {
		loaded = wiretest.Vectors(tb)
	}
	return loaded
}

// eachVector runs fn as a subtest named by the vector's section, so that
// go test -run '/5\.4' selects one.
func eachVector(t *testing.T, fn func(t *testing.T, v wiretest.Vector)) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) { fn(t, v) })
	}
}

// receiver returns the role that receives v.
func receiver(v wiretest.Vector) Role {
	if v.Receiver == Client.String() {
		return Client
	}
	return Server
}

// diff describes how f differs from the i-th frame of v. It returns "" if they
// are equal.
func diff(f Frame, v wiretest.Vector, i int) string {
	if i >= len(v.Frames) {
		return fmt.Sprintf("frame %d: %v of %d bytes, want no more frames", i, f.Opcode, len(f.Payload))
	}
	want := v.Frames[i]
	masked := receiver(v) == Server
	switch {
	case f.Fin != want.Fin || f.RSV1 != want.RSV1 || f.RSV2 || f.RSV3 || f.Opcode != Opcode(want.Opcode):
		return fmt.Sprintf("frame %d: %+v, want %+v", i, f.Header, want)
	case f.Length != int64(len(want.Payload)) || !bytes.Equal(f.Payload, want.Payload):
		return fmt.Sprintf("frame %d: payload %.40q, length %d, want %.40q", i, f.Payload, f.Length, want.Payload)
	case f.Masked != masked:
		return fmt.Sprintf("frame %d: Masked %t, want %t", i, f.Masked, masked)
	}
	return ""
}

// diffEnd describes how n frames and then err differ from the end of v. It returns
// "" if they do not.
func diffEnd(err error, n int, v wiretest.Vector) string {
	want := io.EOF
	if v.Incomplete {
		want = io.ErrUnexpectedEOF
	}
	switch {
	case n != len(v.Frames):
		return fmt.Sprintf("%d frames, then %v, want %d frames", n, err, len(v.Frames))
	case v.Err == nil && err != want:
		return fmt.Sprintf("at the end: %v, want %v", err, want)
	case v.Err != nil && !errors.Is(err, &ProtocolError{Code: StatusCode(v.Err.Code), Reason: v.Err.Reason}):
		return fmt.Sprintf("at the end: %v, want %d %s", err, v.Err.Code, v.Err.Reason)
	}
	return ""
}
