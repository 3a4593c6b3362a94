package wiretest

import (
	"os"
	"path/filepath"
	"testing"
)

// A Vector is a stream of bytes and what it has to give. Vectors are written
// down in testdata/frames, in the form that the README.md there describes.
type Vector struct {
	Name          string // section, behaviour and receiver: "5.7/masked_text/to_server"
	Receiver      string // "server" or "client": the role that reads Bytes
	MaxPayloadLen int64  // as that of frame.Decoder: zero is its default, negative no limit
	RSV1          bool   // the receiver permits RSV1, as that of frame.Decoder
	Bytes         []byte // on the wire
	Frames        []Frame
	Err           *Error // due with the last of Bytes; nil if no rule is broken
	Incomplete    bool   // Bytes end inside a frame that breaks no rule so far
}

// A Frame is a frame that has to be delivered, unmasked.
type Frame struct {
	Fin, RSV1 bool
	Opcode    uint8 // four bits
	Payload   []byte
}

// An Error is the ProtocolError that has to be reported.
type Error struct {
	Code   uint16 // of the Close frame that tells the peer
	Reason string
}

// Vectors returns the vectors of all files in testdata/frames. Each call
// returns memory of its own.
func Vectors(tb testing.TB) []Vector {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(vectorDir(tb), "*.txt"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no vectors: %v", err)
	}
	var all []Vector
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		vectors, err := parse(filepath.Base(file), string(text))
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, vectors...)
	}
	return all
}

// vectorDir finds testdata/frames at the root of the module, above the folder
// in which the tests run.
func vectorDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		vectors := filepath.Join(dir, "testdata", "frames")
		if _, err := os.Stat(vectors); err == nil {
			return vectors
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		tb.Fatal("no testdata/frames in any folder above")
	}
}
