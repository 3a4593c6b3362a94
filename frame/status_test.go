package frame

import (
	"strings"
	"testing"
)

// iana is the registry of close codes. sending is whether a Close frame may have
// the code.
var iana = []struct {
	code    StatusCode
	want    StatusCode
	text    string
	sending bool
}{
	{StatusNormalClosure, 1000, "1000 Normal Closure", true},
	{StatusGoingAway, 1001, "1001 Going Away", true},
	{StatusProtocolError, 1002, "1002 Protocol error", true},
	{StatusUnsupportedData, 1003, "1003 Unsupported Data", true},
	{1004, 1004, "1004", false},
	{StatusNoStatusRcvd, 1005, "1005 No Status Rcvd", false},
	{StatusAbnormalClosure, 1006, "1006 Abnormal Closure", false},
	{StatusInvalidFramePayloadData, 1007, "1007 Invalid frame payload data", true},
	{StatusPolicyViolation, 1008, "1008 Policy Violation", true},
	{StatusMessageTooBig, 1009, "1009 Message Too Big", true},
	{StatusMandatoryExt, 1010, "1010 Mandatory Ext.", true},
	{StatusInternalError, 1011, "1011 Internal Error", true},
	{StatusServiceRestart, 1012, "1012 Service Restart", true},
	{StatusTryAgainLater, 1013, "1013 Try Again Later", true},
	{StatusBadGateway, 1014, "1014 Bad Gateway", true},
	{StatusTLSHandshake, 1015, "1015 TLS handshake", false},
}

func TestStatusCode(t *testing.T) {
	sending := map[StatusCode]bool{}
	for _, tt := range iana {
		t.Run("7.4.1/"+strings.ReplaceAll(tt.text, " ", "_"), func(t *testing.T) {
			if tt.code != tt.want || tt.code.String() != tt.text {
				t.Errorf("%d is %q, want %d, %q", uint16(tt.code), tt.code, uint16(tt.want), tt.text)
			}
		})
		sending[tt.code] = tt.sending
	}
	t.Run("7.4.2/valid", func(t *testing.T) {
		for i := range 1 << 16 {
			c := StatusCode(i)
			if want := sending[c] || i >= 3000 && i < 5000; c.Valid() != want {
				t.Errorf("%d: Valid() = %t", i, c.Valid())
			}
		}
	})
	if got := StatusCode(4000).String(); got != "4000" {
		t.Errorf("4000 is %q", got)
	}
}
