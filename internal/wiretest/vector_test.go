package wiretest

import (
	"bytes"
	"regexp"
	"testing"
)

func TestVectorsAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	form := regexp.MustCompile(`^\d+(\.\d+)+/[^/ ]+/to_(server|client)$`)
	for _, v := range Vectors(t) {
		switch {
		case seen[v.Name]:
			t.Errorf("%s: twice", v.Name)
		case !form.MatchString(v.Name):
			t.Errorf("%s: not of the form section/behaviour", v.Name)
		case len(v.Bytes) == 0:
			t.Errorf("%s: no bytes", v.Name)
		case len(v.Frames) == 0 && v.Err == nil && !v.Incomplete:
			t.Errorf("%s: nothing is expected", v.Name)
		case v.Err != nil && v.Incomplete:
			t.Errorf("%s: an error and no error are expected", v.Name)
		}
		seen[v.Name] = true
	}
}

// TestVectorsOfTheRFC spells out two examples of Section 5.7, so that the
// language of the vectors is held to something outside of it.
func TestVectorsOfTheRFC(t *testing.T) {
	want := map[string][]byte{
		"5.7/single_frame_unmasked_text_message/to_client": {0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f},
		"5.7/single_frame_masked_text_message/to_server":   {0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58},
	}
	for _, v := range Vectors(t) {
		b, ok := want[v.Name]
		if !ok {
			continue
		}
		delete(want, v.Name)
		if !bytes.Equal(v.Bytes, b) {
			t.Errorf("%s: % x, want % x", v.Name, v.Bytes, b)
		}
		if len(v.Frames) != 1 || !v.Frames[0].Fin || v.Frames[0].Opcode != 1 || string(v.Frames[0].Payload) != "Hello" {
			t.Errorf("%s: %+v, want the text Hello", v.Name, v.Frames)
		}
	}
	for name := range want {
		t.Errorf("%s: missing", name)
	}
}

func TestParse(t *testing.T) {
	const text = `
# A file's comment.
1.2/both_ways
    to both, limit 125, rsv1
    c1 MASK|03 key 37fa213d ; a comment; with "quotes"
    masked "He" 6c
    89 MASK|00 key 01020304 *2
    = text rsv1 "Hel"
    = 2 ping
    ! 1002 frame unmasked
`
	vectors, err := parse("x.txt", text)
	if err != nil || len(vectors) != 2 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	server, client := vectors[0], vectors[1]
	if want := "\xc1\x83\x37\xfa\x21\x3d\x7f\x9f\x4d\x89\x80\x01\x02\x03\x04\x89\x80\x01\x02\x03\x04"; string(server.Bytes) != want {
		t.Errorf("to the server: % x, want % x", server.Bytes, want)
	}
	if want := "\xc1\x03Hel\x89\x00\x89\x00"; string(client.Bytes) != want {
		t.Errorf("to the client: % x, want % x", client.Bytes, want)
	}
	for _, v := range vectors {
		if v.MaxPayloadLen != 125 || !v.RSV1 {
			t.Errorf("%s: limit %d, RSV1 %t", v.Name, v.MaxPayloadLen, v.RSV1)
		}
		if len(v.Frames) != 3 || !v.Frames[0].RSV1 || string(v.Frames[0].Payload) != "Hel" || v.Frames[2].Opcode != 9 {
			t.Errorf("%s: frames %+v", v.Name, v.Frames)
		}
		if v.Err == nil || *v.Err != (Error{1002, "frame unmasked"}) {
			t.Errorf("%s: error %v", v.Name, v.Err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, body := range []string{
		"81",
		"to nobody",
		"to server, quickly",
		"to server, limit much",
		"to server\n 8",
		"to server\n 8g",
		"to server\n MASK|",
		"to server\n key 0102",
		"to server\n \"open",
		"to server\n 81 *many",
		"to server\n =",
		"to server\n = 2",
		"to server\n = song",
		"to server\n = text 8",
		"to server\n ! 1002",
		"to server\n ! many frame unmasked",
	} {
		if v, err := parse("x.txt", "1.2/x\n "+body); err == nil {
			t.Errorf("%q: %+v, want an error", body, v)
		}
	}
}
