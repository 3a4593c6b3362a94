package frame

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var protocolErrors = []*ProtocolError{
	ErrUnmasked, ErrMasked, ErrReservedBits, ErrReservedData, ErrReservedControl, ErrLengthForm, ErrLengthRange,
	ErrNoMessage, ErrOpenMessage, ErrControlTooLong, ErrControlFragmented, ErrCloseBody, ErrCloseCode,
	ErrInvalidUTF8, ErrTooManyFragments, ErrPayloadTooLong,
}

func TestProtocolErrors(t *testing.T) {
	for i, e := range protocolErrors {
		t.Run(e.Section+"/"+strings.ReplaceAll(e.Reason, " ", "_"), func(t *testing.T) {
			if !e.Code.Valid() || len(e.Reason) > maxReasonLen {
				t.Errorf("code %v and reason %q do not fit in a Close frame", e.Code, e.Reason)
			}
			if want := "frame: " + e.Reason + " (RFC 6455, Section " + e.Section + ")"; e.Error() != want {
				t.Errorf("%q, want %q", e.Error(), want)
			}
			for j, other := range protocolErrors {
				if errors.Is(fmt.Errorf("wrapped: %w", e), other) != (i == j) {
					t.Errorf("errors.Is(%v, %v) = %t", e, other, i != j)
				}
				if i != j && e.Reason == other.Reason {
					t.Errorf("the reason of %v is that of another rule", e)
				}
			}
		})
	}
}

func TestSendFrameKinds(t *testing.T) {
	for _, err := range []error{errSendReserved, errSendNoMessage, errSendOpenMessage, errSendControlTooLong, errSendControlFragmented} {
		if !errors.Is(err, ErrSendFrame) {
			t.Errorf("%v is not ErrSendFrame", err)
		}
	}
	if got, want := errSendReserved.Error(), "frame: not to be sent: reserved opcode (RFC 6455, Section 5.2)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestSendTextFitsBoth holds the words of ErrSendText to both of its cases: a
// reason cannot be sent as binary instead.
func TestSendTextFitsBoth(t *testing.T) {
	for _, s := range []sending{{true, Text, "\xFF"}, {true, Close, "\x03\xE8\xFF"}} {
		var e Encoder
		_, err := e.Next(s.fin, s.op, []byte(s.payload))
		if want := "frame: text is not UTF-8 (RFC 6455, Section 5.6)"; err == nil || err.Error() != want {
			t.Errorf("%v: %v, want %s", s.op, err, want)
		}
	}
}
