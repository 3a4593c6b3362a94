package frame

import (
	"bytes"
	"testing"

	"resty.websocket/internal/wiretest"
)

// TestAppendFrameVectors encodes the frames of every vector to the bytes that
// they came from.
func TestAppendFrameVectors(t *testing.T) {
	eachVector(t, func(t *testing.T, v wiretest.Vector) {
		var got []byte
		for i, want := range v.Frames {
			h, _, err := ParseHeader(v.Bytes[len(got):])
			if err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
			h.Length = -1 // not to be used
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

// TestAppendFrameLeavesPayload masks without touching what is not its own.
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
