package frame

import (
	"bytes"
	"testing"

	"resty.websocket/internal/wiretest"
)

// TestAppendFrameVectors encodes the frames of every vector and compares the
// result with its bytes.
func TestAppendFrameVectors(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		var got []byte
		for i, want := range v.Frames {
			h, _, err := ParseHeader(v.Bytes[len(got):])
			if err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
			h.Length = -1 // must be ignored
			got = AppendFrame(got, h, want.Payload)
		}
		if !bytes.HasPrefix(v.Bytes, got) {
			t.Fatalf("% .80x, want % .80x", got, v.Bytes)
		}
		if v.Err == nil && !v.Incomplete && len(got) != len(v.Bytes) && v.Frames[len(v.Frames)-1].Opcode != uint8(Close) {
			t.Fatalf("%d bytes, want %d", len(got), len(v.Bytes))
		}
	})
}

// TestAppendFrameLeavesPayload tests that masking does not modify the payload or
// the bytes before the frame.
func TestAppendFrameLeavesPayload(t *testing.T) {
	payload := []byte("not to be modified")
	room := append(make([]byte, 0, 100), "before"...)
	got := AppendFrame(room, Header{Fin: true, Opcode: Text, Masked: true, MaskKey: testKey}, payload)
	if string(payload) != "not to be modified" || string(room) != "before" || &got[0] != &room[0] {
		t.Errorf("payload %q, buffer %q", payload, got)
	}
	got[len(got)-1] ^= 0xFF
	if string(payload) != "not to be modified" {
		t.Error("the payload is retained")
	}
}
