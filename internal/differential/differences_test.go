package differential

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"resty.websocket/frame"
)

// TestDifferences shows each of the known differences, so that none stays in
// the list that is none any more.
func TestDifferences(t *testing.T) {
	streams := map[*frame.ProtocolError]string{
		errLengthNotShort:       "\x81\x7e\x00\x01a",
		frame.ErrCloseBody:      "\x88\x01\x03",
		frame.ErrInvalidUTF8:    "\x81\x01\xff",
		frame.ErrPayloadTooLong: "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff",
	}
	for _, d := range lenient {
		t.Run(d.peer+"/"+d.rule.Section+"/"+d.rule.Reason, func(t *testing.T) {
			stream, ok := streams[d.rule]
			if !ok {
				t.Fatal("no stream shows it")
			}
			ours, theirs := decode(d.peer, []byte(stream))
			if !errors.Is(ours.refused, d.rule) || theirs.refused != nil {
				t.Errorf("we end with %v, %s with %v", ours.refused, d.peer, theirs.refused)
			}
		})
	}
	for _, d := range codes {
		for _, code := range []frame.StatusCode{d.from, d.to} {
			t.Run(d.peer+"/7.4.2/"+code.String(), func(t *testing.T) {
				payload := frame.AppendClose(nil, code, "")
				ours, theirs := decode(d.peer, append([]byte{0x88, byte(len(payload))}, payload...))
				if (ours.refused == nil) == (theirs.refused == nil) || (ours.refused == nil) != code.Valid() {
					t.Errorf("we end with %v, %s with %v", ours.refused, d.peer, theirs.refused)
				}
			})
		}
	}
}

// decode decodes what reaches a client.
func decode(peer string, stream []byte) (ours, theirs outcome) {
	ours = decodeOurs(bytes.NewReader(stream), frame.Client)
	if peer == gobwas {
		return ours, decodeGobwas(stream, frame.Client)
	}
	return ours.messages(), decodeGorilla(stream, frame.Client)
}

// TestCompare makes sure that what is not in the list is found.
func TestCompare(t *testing.T) {
	text := unit{true, frame.Text, []byte("a")}
	going := unit{true, frame.Close, []byte{0x03, 0xe9}}
	restart := unit{true, frame.Close, []byte{0x03, 0xf4}}
	private := unit{true, frame.Close, []byte{0x13, 0x88}}
	broken := error(frame.ErrMasked)
	known := error(errLengthNotShort)
	_, _, badCode := frame.ParseClose([]byte{0x03, 0xed})
	for _, tt := range []struct {
		name         string
		ours, theirs outcome
		want         bool // a difference
	}{
		{"same frames", outcome{[]unit{text}, nil}, outcome{[]unit{text}, nil}, false},
		{"both refuse", outcome{[]unit{text}, broken}, outcome{[]unit{text}, known}, false},
		{"another payload", outcome{[]unit{text}, nil}, outcome{[]unit{{true, frame.Text, []byte("b")}}, nil}, true},
		{"a frame more", outcome{[]unit{text}, nil}, outcome{[]unit{text, text}, nil}, true},
		{"a frame less", outcome{[]unit{text}, nil}, outcome{nil, nil}, true},
		{"refused by us", outcome{nil, broken}, outcome{nil, nil}, true},
		{"refused by us, as is known", outcome{nil, known}, outcome{nil, nil}, false},
		{"refused by us, as is known, and gone on with", outcome{nil, known}, outcome{[]unit{text}, nil}, false},
		{"refused by them", outcome{nil, nil}, outcome{nil, broken}, true},
		{"close refused by them", outcome{[]unit{going}, nil}, outcome{nil, broken}, true},
		{"close refused by us", outcome{nil, badCode}, outcome{[]unit{going}, nil}, true},
		{"close refused by us, as is known", outcome{nil, badCode}, outcome{[]unit{private}, nil}, false},
		{"close refused by them, as is known", outcome{[]unit{restart}, nil}, outcome{nil, broken}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := compare(gobwas, tt.ours, tt.theirs); (got != "") != tt.want {
				t.Errorf("compare found %q", got)
			}
		})
	}
}

// TestProgram makes sure that a program without faults writes what all
// decoders take.
func TestProgram(t *testing.T) {
	p := program("\x81\x05\x00Hello\x02\x01\x00a\x85\x00\x00\x80\x02\x00bc\x83\x02\x00\x03\xe8")
	want := []unit{
		{true, frame.Text, []byte("Hello")},
		{false, frame.Binary, []byte("a")},
		{true, frame.Pong, []byte{}},
		{true, frame.Continuation, []byte("bc")},
		{true, frame.Close, []byte{0x03, 0xe8}},
	}
	for _, role := range []frame.Role{frame.Server, frame.Client} {
		stream := p.stream(role)
		got := decodeOurs(bytes.NewReader(stream), role)
		if !slices.EqualFunc(got.units, want, unit.equal) || got.refused != nil {
			t.Errorf("%v: %v, want %v", role, got, want)
		}
		check(t, role, stream)
	}
}
