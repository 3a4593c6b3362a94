package frame

import (
	"errors"
	"fmt"
)

// A ProtocolError says that the peer broke the protocol, or went over a limit
// of this side. It ends the connection, with Code in the Close frame that
// tells the peer.
type ProtocolError struct {
	Code    StatusCode // what to tell the peer
	Section string     // of RFC 6455, such as "5.5.1"
	Reason  string     // in the words of lua-resty-websocket where it has them
}

// Error returns "frame: fragmented control frame (RFC 6455, Section 5.5)".
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("frame: %s (RFC 6455, Section %s)", e.Reason, e.Section)
}

// What a peer can do wrong: one variable per rule, to be told apart with
// [errors.Is]. They must not be changed.
var (
	ErrUnmasked          = &ProtocolError{StatusProtocolError, "5.1", "frame unmasked"}
	ErrMasked            = &ProtocolError{StatusProtocolError, "5.1", "frame masked"}
	ErrReservedBits      = &ProtocolError{StatusProtocolError, "5.2", "bad RSV1, RSV2, or RSV3 bits"}
	ErrReservedData      = &ProtocolError{StatusProtocolError, "5.2", "reserved non-control frames"}
	ErrReservedControl   = &ProtocolError{StatusProtocolError, "5.2", "reserved control frames"}
	ErrLengthForm        = &ProtocolError{StatusProtocolError, "5.2", "payload len not in its shortest form"}
	ErrLengthRange       = &ProtocolError{StatusProtocolError, "5.2", "payload len too large"}
	ErrNoMessage         = &ProtocolError{StatusProtocolError, "5.4", "continuation frame without a message to continue"}
	ErrOpenMessage       = &ProtocolError{StatusProtocolError, "5.4", "new message inside a fragmented one"}
	ErrControlTooLong    = &ProtocolError{StatusProtocolError, "5.5", "too long payload for control frame"}
	ErrControlFragmented = &ProtocolError{StatusProtocolError, "5.5", "fragmented control frame"}
	ErrCloseBody         = &ProtocolError{StatusProtocolError, "5.5.1", "close frame with a body must carry a 2-byte status code"}
	ErrCloseCode         = &ProtocolError{StatusProtocolError, "7.4", "close frame with a status code that must not be sent"}
	ErrInvalidUTF8       = &ProtocolError{StatusInvalidFramePayloadData, "8.1", "text is not UTF-8"}
	ErrTooManyFragments  = &ProtocolError{StatusPolicyViolation, "10.4", "too many fragments"}
	ErrPayloadTooLong    = &ProtocolError{StatusMessageTooBig, "10.4", "exceeding max payload len"}
)

// What a caller can do wrong. Nothing was sent, and the connection can be used
// as before.
var (
	// ErrSendTooLong: the payload is longer than MaxPayloadLen.
	ErrSendTooLong = errors.New("frame: payload too big")
	// ErrSendStatusCode: a Close frame with a code for which StatusCode.Valid
	// does not hold, or with half a code.
	ErrSendStatusCode = errors.New("frame: bad status code (RFC 6455, Section 7.4)")
	// ErrSendText: text, or the reason of a Close frame, that is not UTF-8.
	ErrSendText = errors.New("frame: text is not UTF-8 (RFC 6455, Section 5.6)")
	// ErrSendClosed: a frame after one's own Close frame.
	ErrSendClosed = errors.New("frame: already closed (RFC 6455, Section 5.5.1)")
	// ErrSendFrame: a frame that may not be sent here, for one of several
	// reasons that the error's text tells.
	ErrSendFrame = errors.New("frame: not to be sent")
)

// The kinds of ErrSendFrame.
var (
	errSendReserved          = sendFrame("reserved opcode", "5.2")
	errSendNoMessage         = sendFrame("continuation frame without a message to continue", "5.4")
	errSendOpenMessage       = sendFrame("new message inside a fragmented one", "5.4")
	errSendControlTooLong    = sendFrame("too much payload for control frame", "5.5")
	errSendControlFragmented = sendFrame("fragmented control frame", "5.5")
)

func sendFrame(reason, section string) error {
	return fmt.Errorf("%w: %s (RFC 6455, Section %s)", ErrSendFrame, reason, section)
}
