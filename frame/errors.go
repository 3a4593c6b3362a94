package frame

import (
	"fmt"
	"strings"
)

// A ProtocolError means that the peer broke the protocol, or exceeded a limit of
// this side. The connection must be closed; Code and Reason are for the Close
// frame that tells the peer.
type ProtocolError struct {
	Code    StatusCode // for the Close frame
	Section string     // of RFC 6455, such as "5.5.1"
	Reason  string     // in the words of lua-resty-websocket if it has this error
}

// Error returns "frame: fragmented control frame (RFC 6455, Section 5.5)".
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("frame: %s (RFC 6455, Section %s)", e.Reason, e.Section)
}

// Is reports whether target is a *ProtocolError with the same Code, and e.Reason
// begins with its Reason. [errors.Is] calls Is, so that an error whose Reason
// adds a length and a limit matches its variable, and one variable can match the
// errors of several rules.
func (e *ProtocolError) Is(target error) bool {
	t, ok := target.(*ProtocolError)
	return ok && t.Code == e.Code && strings.HasPrefix(e.Reason, t.Reason)
}

// These are the faults of a peer. They must be compared with [errors.Is] and not
// with ==, because the error that is returned may be another pointer with a
// longer Reason. The variables must not be modified.
var (
	// ErrUnmasked means that a client sent a frame without a mask.
	ErrUnmasked = &ProtocolError{StatusProtocolError, "5.1", "frame unmasked"}
	// ErrMasked means that a server sent a frame with a mask.
	ErrMasked = &ProtocolError{StatusProtocolError, "5.1", "frame masked"}
	// ErrReservedBits means a reserved bit that no extension gives a meaning.
	ErrReservedBits = &ProtocolError{StatusProtocolError, "5.2", "bad RSV1, RSV2, or RSV3 bits"}
	// ErrReservedOpcode means an opcode that RFC 6455 reserves.
	ErrReservedOpcode = &ProtocolError{StatusProtocolError, "5.2", "reserved"}
	// ErrLengthForm means a payload length that is not in its shortest form, or
	// has its top bit set.
	ErrLengthForm = &ProtocolError{StatusProtocolError, "5.2", "payload len"}
	// ErrFragmentOrder means a continuation frame without a message to continue,
	// or a new message inside a fragmented one.
	ErrFragmentOrder = &ProtocolError{StatusProtocolError, "5.4", "fragments out of order"}
	// ErrControlTooLong means a control frame with a payload of more than 125
	// bytes. The Reason names its length.
	ErrControlTooLong = &ProtocolError{StatusProtocolError, "5.5", "too long payload for control frame"}
	// ErrControlFragmented means a control frame without Fin.
	ErrControlFragmented = &ProtocolError{StatusProtocolError, "5.5", "fragmented control frame"}
	// ErrCloseBody means a Close frame with half a status code, or with one for
	// which [StatusCode.Valid] does not hold. The Reason names the latter.
	ErrCloseBody = &ProtocolError{StatusProtocolError, "5.5.1", "close frame with a body must carry a 2-byte status code"}
	// ErrInvalidUTF8 means text, or the reason of a Close frame, that is not
	// UTF-8.
	ErrInvalidUTF8 = &ProtocolError{StatusInvalidFramePayloadData, "8.1", "text is not UTF-8"}
	// ErrTooManyFragments means a message of more than 131072 fragments.
	ErrTooManyFragments = &ProtocolError{StatusPolicyViolation, "10.4", "too many fragments"}
	// ErrPayloadTooLong means a data frame with a payload of more than
	// MaxPayloadLen bytes. The Reason names its length and the limit.
	ErrPayloadTooLong = &ProtocolError{StatusMessageTooBig, "10.4", "exceeding max payload len"}
)

// These are the errors of rules that share an exported variable.
var (
	errReservedData    = &ProtocolError{StatusProtocolError, "5.2", "reserved non-control frames"}
	errReservedControl = &ProtocolError{StatusProtocolError, "5.2", "reserved control frames"}
	errLengthNotShort  = &ProtocolError{StatusProtocolError, "5.2", "payload len not in its shortest form"}
	errLengthTopBit    = &ProtocolError{StatusProtocolError, "5.2", "payload len too large"}
	errNoMessage       = ErrFragmentOrder.with("continuation frame without a message to continue")
	errOpenMessage     = ErrFragmentOrder.with("new message inside a fragmented one")
)

// with returns a copy of e with more text at the end of its Reason.
func (e *ProtocolError) with(format string, args ...any) *ProtocolError {
	return &ProtocolError{e.Code, e.Section, e.Reason + ": " + fmt.Sprintf(format, args...)}
}

// tooLong returns a copy of e whose Reason names a payload's length and the
// limit, both in bytes.
func (e *ProtocolError) tooLong(length, limit int64) *ProtocolError {
	return e.with("%d bytes, limit %d", length, limit)
}

// closeCodeError returns the error of a Close frame with a code that is not
// valid there.
func closeCodeError(code StatusCode) *ProtocolError {
	e := ErrCloseBody.with("%d must not be sent", uint16(code))
	e.Section = "7.4"
	return e
}
