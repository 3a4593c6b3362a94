package frame

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var protocolErrors = []*ProtocolError{
	ErrUnmasked, ErrMasked, ErrReservedBits, ErrReservedOpcode, ErrLengthForm, ErrFragmentOrder, ErrControlTooLong,
	ErrControlFragmented, ErrCloseBody, ErrInvalidUTF8, ErrTooManyFragments, ErrPayloadTooLong,
}

// TestProtocolErrors tests that each error has a text of its own and matches no
// other error.
func TestProtocolErrors(t *testing.T) {
	for i, e := range protocolErrors {
		t.Run(e.Section+"/"+strings.ReplaceAll(e.Reason, " ", "_"), func(t *testing.T) {
			if !e.Code.Valid() {
				t.Errorf("code %v does not fit in a Close frame", e.Code)
			}
			if want := "frame: " + e.Reason + " (RFC 6455, Section " + e.Section + ")"; e.Error() != want {
				t.Errorf("%q, want %q", e.Error(), want)
			}
			for j, other := range protocolErrors {
				if errors.Is(fmt.Errorf("wrapped: %w", e), other) != (i == j) {
					t.Errorf("errors.Is(%v, %v) = %t", e, other, i != j)
				}
			}
		})
	}
}

// TestProtocolErrorIs tests that an error matches if its Reason is longer, and
// not if its Code differs.
func TestProtocolErrorIs(t *testing.T) {
	long := ErrPayloadTooLong.tooLong(6, 5)
	for _, tt := range []struct {
		name   string
		err    error
		target error
		want   bool
	}{
		{"longer_reason", long, ErrPayloadTooLong, true},
		{"shorter_reason", ErrPayloadTooLong, long, false},
		{"equal", long, ErrPayloadTooLong.tooLong(6, 5), true},
		{"other_number", long, ErrPayloadTooLong.tooLong(7, 5), false},
		{"other_section", &ProtocolError{StatusMessageTooBig, "", ErrPayloadTooLong.Reason}, ErrPayloadTooLong, true},
		{"other_code", &ProtocolError{StatusProtocolError, "10.4", ErrPayloadTooLong.Reason}, ErrPayloadTooLong, false},
		{"code_alone", long, &ProtocolError{Code: StatusMessageTooBig}, true},
		{"other_type", long, errors.New("exceeding max payload len"), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := errors.Is(tt.err, tt.target); got != tt.want {
				t.Errorf("errors.Is(%v, %v) = %t", tt.err, tt.target, got)
			}
		})
	}
}

// TestReasons tests the text of the errors that share a variable or contain a
// number, and that each Reason fits in a Close frame.
func TestReasons(t *testing.T) {
	const text = "frame: %s (RFC 6455, Section %s)"
	for _, tt := range []struct {
		name    string
		stream  string
		want    *ProtocolError
		section string
		reason  string
	}{
		{"5.2/reserved_data", "\x83\x00", ErrReservedOpcode, "5.2", "reserved non-control frames"},
		{"5.2/reserved_control", "\x8B\x00", ErrReservedOpcode, "5.2", "reserved control frames"},
		{"5.2/long_form", "\x81\x7E\x00\x7D", ErrLengthForm, "5.2", "payload len not in its shortest form"},
		{"5.2/top_bit", "\x81\x7F\x80\x00\x00\x00\x00\x00\x00\x00", ErrLengthForm, "5.2", "payload len too large"},
		{"5.4/nothing_to_continue", "\x80\x00", ErrFragmentOrder, "5.4", "fragments out of order: continuation frame without a message to continue"},
		{"5.4/message_inside", "\x01\x00\x81\x00", ErrFragmentOrder, "5.4", "fragments out of order: new message inside a fragmented one"},
		{"5.5/too_long", "\x89\x7E\x01\x00", ErrControlTooLong, "5.5", "too long payload for control frame: 256 bytes, limit 125"},
		{"5.5.1/half_a_code", "\x88\x01", ErrCloseBody, "5.5.1", "close frame with a body must carry a 2-byte status code"},
		{"7.4/code", "\x88\x02\x03\xED", ErrCloseBody, "7.4", "close frame with a body must carry a 2-byte status code: 1005 must not be sent"},
		{"10.4/payload", "\x82\x7F\x00\x00\x00\x00\x00\x01\x86\xA0", ErrPayloadTooLong, "10.4", "exceeding max payload len: 100000 bytes, limit 65535"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := Decoder{Role: Client}
			window, n, err := []byte(tt.stream), 0, error(nil)
			for ; err == nil; window = window[n:] {
				_, n, err = d.Decode(window)
			}
			if want := fmt.Sprintf(text, tt.reason, tt.section); err.Error() != want || !errors.Is(err, tt.want) {
				t.Errorf("%v, want %s", err, want)
			}
			if broken, ok := err.(*ProtocolError); !ok || len(broken.Reason) > maxReasonLen {
				t.Errorf("%T with a reason of %d bytes", err, len(tt.reason))
			}
		})
	}
}
