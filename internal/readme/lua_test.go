package readme

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/readme/cells"
)

// luaWords are the errors that MOVING.md says have the words of lua-resty-websocket, and how they come about.
var luaWords = map[string]struct {
	name    string // in the table
	is      error
	provoke func() error
}{
	"bad RSV1, RSV2, or RSV3 bits":       {"frame.ErrReservedBits", frame.ErrReservedBits, received(0xc1, 0x80, 1, 2, 3, 4)},
	"reserved non-control frames":        {"frame.ErrReservedOpcode", frame.ErrReservedOpcode, received(0x83, 0x80, 1, 2, 3, 4)},
	"reserved control frames":            {"frame.ErrReservedOpcode", frame.ErrReservedOpcode, received(0x8b, 0x80, 1, 2, 3, 4)},
	"frame unmasked":                     {"frame.ErrUnmasked", frame.ErrUnmasked, received(0x81, 0x00)},
	"payload len too large":              {"frame.ErrLengthForm", frame.ErrLengthForm, received(0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0)},
	"too long payload for control frame": {"frame.ErrControlTooLong", frame.ErrControlTooLong, received(0x89, 0xfe, 0, 126, 1, 2, 3, 4)},
	"exceeding max payload len":          {"frame.ErrPayloadTooLong", frame.ErrPayloadTooLong, received(0x81, 0xfe, 1, 0, 1, 2, 3, 4)},
	"close frame with a body must carry a 2-byte status code": {"frame.ErrCloseBody", frame.ErrCloseBody,
		received(0x88, 0x81, 1, 2, 3, 4, 5)},
	"payload too big":                    {"frame.ErrSendTooLong", frame.ErrSendTooLong, sent(true, frame.Text, 256)},
	"bad status code":                    {"frame.ErrSendStatusCode", frame.ErrSendStatusCode, sent(true, frame.Close, 2)},
	"too much payload for control frame": {"frame.ErrSendFrame", frame.ErrSendFrame, sent(true, frame.Ping, 126)},
	"already closed":                     {"frame.ErrSendClosed", frame.ErrSendClosed, sent(true, frame.Close, 0, 0)},
	// The words are the same in both directions.
	"fragmented control frame":       {"frame.ErrControlFragmented", frame.ErrControlFragmented, received(0x09, 0x80, 1, 2, 3, 4)},
	"fragmented control frame, sent": {"frame.ErrSendFrame", frame.ErrSendFrame, sent(false, frame.Ping, 0)},
}

// received returns what becomes of a frame that reaches a server whose limit is 255 bytes.
func received(b ...byte) func() error {
	return func() error {
		_, err := frame.NewReader(bytes.NewReader(b), frame.Server, 255).ReadFrame()
		return err
	}
}

// sent returns what becomes of the last of some frames, with payloads of zeros, that a server with that limit sends.
func sent(fin bool, op frame.Opcode, lengths ...int) func() error {
	return func() (err error) {
		w := frame.NewWriter(io.Discard, frame.Server, 255)
		for _, n := range lengths {
			_, err = w.WriteFrame(fin, op, make([]byte, n))
		}
		return err
	}
}

// TestLuaWords provokes each error that MOVING.md pairs with an error of lua-resty-websocket.
func TestLuaWords(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "examples/MOVING.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, table := range cells.Tables(string(text)) {
		if !strings.HasPrefix(table.Header[0], "error of ") {
			continue
		}
		for _, row := range table.Rows {
			name := cells.Spans(row.Cells[1])[0]
			if !strings.HasPrefix(name, "frame.") {
				continue // an error of the transport, in Go's words
			}
			for _, words := range cells.Spans(row.Cells[0]) {
				key := words
				if words == "fragmented control frame" && name == "frame.ErrSendFrame" {
					key += ", sent"
				}
				want := luaWords[key]
				if want.name != name {
					t.Errorf("line %d: %s is %q in this test", row.Line, words, want.name)
					continue
				}
				seen[key] = true
				if err := want.provoke(); !errors.Is(err, want.is) || !strings.Contains(err.Error(), words) {
					t.Errorf("line %d: %s: %v", row.Line, words, err)
				}
			}
		}
	}
	if len(seen) != len(luaWords) {
		t.Errorf("MOVING.md has %d of %d errors", len(seen), len(luaWords))
	}
}
