package frame

import "fmt"

// A StatusCode is the reason why a connection is closed (RFC 6455, Section 7.4).
type StatusCode uint16

// The codes of RFC 6455, Section 7.4.1, and of the IANA registry that the RFC
// established. StatusNoStatusRcvd, StatusAbnormalClosure and StatusTLSHandshake
// must not be sent. They are for a program that reports how a connection ended.
const (
	StatusNormalClosure           StatusCode = 1000 // the purpose of the connection has been fulfilled
	StatusGoingAway               StatusCode = 1001 // a server shuts down, or a browser leaves the page
	StatusProtocolError           StatusCode = 1002 // the peer broke the protocol
	StatusUnsupportedData         StatusCode = 1003 // a type of data that cannot be accepted
	StatusNoStatusRcvd            StatusCode = 1005 // the Close frame had no code
	StatusAbnormalClosure         StatusCode = 1006 // there was no Close frame
	StatusInvalidFramePayloadData StatusCode = 1007 // text that is not UTF-8
	StatusPolicyViolation         StatusCode = 1008 // a message that violates the receiver's policy
	StatusMessageTooBig           StatusCode = 1009 // a message that is too big to process
	StatusMandatoryExt            StatusCode = 1010 // the server did not negotiate an extension that the client needs
	StatusInternalError           StatusCode = 1011 // the server met an unexpected condition
	StatusServiceRestart          StatusCode = 1012 // the service restarts
	StatusTryAgainLater           StatusCode = 1013 // the service is overloaded
	StatusBadGateway              StatusCode = 1014 // the upstream of the server failed
	StatusTLSHandshake            StatusCode = 1015 // the TLS handshake failed
)

// Valid reports whether c may be sent in a Close frame. It is true for the codes
// above, except the three that must not be sent, and for 3000 to 4999, which
// Section 7.4.2 leaves to libraries and applications.
func (c StatusCode) Valid() bool {
	switch {
	case c >= 1000 && c <= 1003, c >= 1007 && c <= 1014, c >= 3000 && c <= 4999:
		return true
	}
	return false
}

// String returns the code and its name in the IANA registry, such as "1000
// Normal Closure", or the code alone if the registry has no name for it.
func (c StatusCode) String() string {
	if name := c.name(); name != "" {
		return fmt.Sprintf("%d %s", uint16(c), name)
	}
	return fmt.Sprint(uint16(c))
}

func (c StatusCode) name() string {
	switch c {
	case StatusNormalClosure:
		return "Normal Closure"
	case StatusGoingAway:
		return "Going Away"
	case StatusProtocolError:
		return "Protocol error"
	case StatusUnsupportedData:
		return "Unsupported Data"
	case StatusNoStatusRcvd:
		return "No Status Rcvd"
	case StatusAbnormalClosure:
		return "Abnormal Closure"
	case StatusInvalidFramePayloadData:
		return "Invalid frame payload data"
	case StatusPolicyViolation:
		return "Policy Violation"
	case StatusMessageTooBig:
		return "Message Too Big"
	case StatusMandatoryExt:
		return "Mandatory Ext."
	case StatusInternalError:
		return "Internal Error"
	case StatusServiceRestart:
		return "Service Restart"
	case StatusTryAgainLater:
		return "Try Again Later"
	case StatusBadGateway:
		return "Bad Gateway"
	case StatusTLSHandshake:
		return "TLS handshake"
	}
	return ""
}
