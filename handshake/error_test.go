package handshake

import (
	"errors"
	"strings"
	"testing"
)

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  Error
		want string
	}{
		{"reason", Error{Reason: "no"}, "handshake: no"},
		{"section", Error{Reason: "no", Section: "RFC 6455, Section 4.1"}, "handshake: no (RFC 6455, Section 4.1)"},
		{"cause", Error{Reason: "no", Err: errors.New("ähnlich: 東京")}, "handshake: no: ähnlich: 東京"},
		{"escape_sequence_in_cause", Error{Reason: "no", Err: errors.New("valid for \x1b[31mred\x07.example")}, "handshake: no: valid for ?[31mred?.example"},
		{"line_breaks_in_cause", Error{Reason: "no", Err: errors.Join(errors.New("a"), errors.New("b\r"))}, "handshake: no: a?b?"},
		{"invisible_in_cause", Error{Reason: "no", Err: errors.New("a\u202egnp\u200b\u0085")}, "handshake: no: a?gnp??"},
		{"not_utf8_in_cause", Error{Reason: "no", Err: errors.New("a\xff")}, "handshake: no: a\ufffd"},
		{"control_character_in_reason", Error{Reason: "\x1b"}, "handshake: ?"},
		{"512_bytes", Error{Reason: "no", Err: errors.New(strings.Repeat("x", 512))}, "handshake: no: " + strings.Repeat("x", 512)},
		{"longer", Error{Reason: "no", Err: errors.New(strings.Repeat("x", 513))}, "handshake: no: " + strings.Repeat("x", 512) + "..."},
		{"longer_cut_at_a_character", Error{Reason: "no", Err: errors.New(strings.Repeat("x", 511) + "東京")}, "handshake: no: " + strings.Repeat("x", 511) + "..."},
		{"longer_not_utf8", Error{Reason: "no", Err: errors.New(strings.Repeat("\x80", 600))}, "handshake: no: ..."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if tt.err.Err != nil && !errors.Is(&tt.err, tt.err.Err) {
				t.Error("the cause is not to be found")
			}
		})
	}
}
