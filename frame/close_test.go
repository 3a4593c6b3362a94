package frame

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseClose(t *testing.T) {
	for _, tt := range []struct {
		name    string
		payload string
		code    StatusCode
		reason  string
		err     error
	}{
		{"5.5.1/no_body", "", StatusNoStatusRcvd, "", nil},
		{"5.5.1/one_byte_body", "\x03", 0, "", ErrCloseBody},
		{"5.5.1/code", "\x03\xE8", 1000, "", nil},
		{"5.5.1/code_and_reason", "\x0F\xA0z\u00df\u6c34\U0001f30a", 4000, "z\u00df\u6c34\U0001f30a", nil},
		{"7.4/code_0", "\x00\x00", 0, "", ErrCloseBody},
		{"7.4/code_1005", "\x03\xEDbye", 0, "", ErrCloseBody},
		{"7.4/code_1006", "\x03\xEE", 0, "", ErrCloseBody},
		{"7.4/code_5000", "\x13\x88", 0, "", ErrCloseBody},
		{"8.1/reason_cut_in_a_character", "\x03\xE8\xE2\x82", 0, "", ErrInvalidUTF8},
		{"8.1/reason_with_a_surrogate", "\x03\xE8\xED\xA0\x80", 0, "", ErrInvalidUTF8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, reason, err := ParseClose([]byte(tt.payload))
			if code != tt.code || reason != tt.reason || !errors.Is(err, tt.err) {
				t.Errorf("%v, %q, %v, want %v, %q, %v", code, reason, err, tt.code, tt.reason, tt.err)
			}
		})
	}
}

func TestAppendClose(t *testing.T) {
	r123 := strings.Repeat("r", 123)
	for _, tt := range []struct {
		name   string
		code   StatusCode
		reason string
		want   string
	}{
		{"5.5.1/no_code", 0, "", ""},
		{"5.5.1/no_code_and_so_no_reason", 0, "bye", ""},
		{"5.5.1/code", 1000, "", "\x03\xE8"},
		{"5.5.1/code_and_reason", 1001, "bye", "\x03\xE9bye"},
		{"5.5.1/longest_reason", 1000, r123, "\x03\xE8" + r123},
		{"5.5.1/reason_cut", 1000, r123 + "s", "\x03\xE8" + r123},
		{"5.5.1/reason_cut_before_a_character_of_two", 1000, r123[:122] + "\u00e9", "\x03\xE8" + r123[:122]},
		{"5.5.1/reason_cut_before_a_character_of_four", 1000, r123[:120] + "\U0001f30a", "\x03\xE8" + r123[:120]},
		{"5.5.1/reason_cut_behind_a_character", 1000, r123[:119] + "\U0001f30az", "\x03\xE8" + r123[:119] + "\U0001f30a"},
		{"8.1/reason_made_UTF-8", 1000, "a\xffb", "\x03\xE8a\uFFFDb"},
		{"8.1/reason_made_UTF-8_and_cut", 1000, r123[:121] + "\xff", "\x03\xE8" + r123[:121]},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := string(AppendClose([]byte("before"), tt.code, tt.reason))
			if got != "before"+tt.want {
				t.Fatalf("%q, want %q behind what was there", got, tt.want)
			}
			if len(tt.want) > maxControlLen || !utf8.ValidString(tt.want[min(2, len(tt.want)):]) {
				t.Errorf("%d bytes, which no Close frame can have", len(tt.want))
			}
		})
	}
}

func TestCloseError(t *testing.T) {
	for _, tt := range []struct {
		err  CloseError
		want string
	}{
		{CloseError{Code: 1000}, "frame: closed by the peer: 1000 Normal Closure"},
		{CloseError{Code: 4000, Reason: "so\nwhat"}, `frame: closed by the peer: 4000: "so\nwhat"`},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestCloseCode(t *testing.T) {
	closed := &CloseError{Code: StatusGoingAway, Reason: "bye"}
	for _, tt := range []struct {
		name string
		err  error
		want StatusCode
	}{
		{"7.1.5/nil", nil, 0},
		{"7.1.5/other", io.EOF, 0},
		{"7.1.5/protocol_error", ErrUnmasked, 0},
		{"7.1.5/closed", closed, StatusGoingAway},
		{"7.1.5/wrapped", fmt.Errorf("the chat: %w", closed), StatusGoingAway},
		{"7.1.5/joined", errors.Join(io.EOF, closed), StatusGoingAway},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := CloseCode(tt.err); got != tt.want {
				t.Errorf("CloseCode(%v) = %v, want %v", tt.err, got, tt.want)
			}
		})
	}
}

// A loop may ask after each receive.
func TestCloseCodeOfNil(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { CloseCode(nil) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
