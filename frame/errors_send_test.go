package frame

import (
	"errors"
	"strings"
	"testing"
)

// TestSendErrors tests the text of the errors for a caller's mistakes.
func TestSendErrors(t *testing.T) {
	for _, tt := range []struct {
		name  string
		frame sending
		kind  error
		want  string
	}{
		{"5.2/reserved", sending{true, 3, ""}, ErrSendFrame, "frame: not to be sent: reserved opcode (RFC 6455, Section 5.2)"},
		{"5.5/too_long", sending{true, Ping, strings.Repeat("p", 126)}, ErrSendFrame,
			"frame: not to be sent: too much payload for control frame: 126 bytes, limit 125 (RFC 6455, Section 5.5)"},
		{"5.5/fragmented", sending{false, Ping, ""}, ErrSendFrame, "frame: not to be sent: fragmented control frame (RFC 6455, Section 5.5)"},
		{"5.6/text", sending{true, Text, "\xFF"}, ErrSendText, "frame: text is not UTF-8 (RFC 6455, Section 5.6)"},
		// The text must not advise to send binary data: a reason is always text.
		{"5.6/reason", sending{true, Close, "\x03\xE8\xFF"}, ErrSendText, "frame: text is not UTF-8 (RFC 6455, Section 5.6)"},
		{"7.4/code", sending{true, Close, "\x03\xED"}, ErrSendStatusCode, "frame: bad status code (RFC 6455, Section 7.4)"},
		{"10.4/too_long", sending{true, Binary, strings.Repeat("b", 70000)}, ErrSendTooLong, "frame: payload too big: 70000 bytes, limit 65535"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var e Encoder
			_, err := e.Next(tt.frame.fin, tt.frame.op, []byte(tt.frame.payload))
			if !errors.Is(err, tt.kind) || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
