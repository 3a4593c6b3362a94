package frame

import (
	"errors"
	"fmt"
)

// These are the mistakes of a caller. They must be compared with [errors.Is],
// because the error that is returned may wrap the variable. Nothing was sent,
// and the connection is still usable.
var (
	// ErrSendTooLong means a data frame with a payload of more than MaxPayloadLen
	// bytes. The error's text names its length and the limit.
	ErrSendTooLong = errors.New("frame: payload too big")
	// ErrSendStatusCode means a Close frame with half a status code, or with one
	// for which [StatusCode.Valid] does not hold.
	ErrSendStatusCode = errors.New("frame: bad status code (RFC 6455, Section 7.4)")
	// ErrSendText means text, or the reason of a Close frame, that is not UTF-8.
	ErrSendText = errors.New("frame: text is not UTF-8 (RFC 6455, Section 5.6)")
	// ErrSendClosed means a frame after the caller has sent a Close frame.
	ErrSendClosed = errors.New("frame: already closed (RFC 6455, Section 5.5.1)")
	// ErrSendFrame means a frame with a reserved opcode or bit, a fragment out of
	// order, or a control frame that is fragmented or longer than 125 bytes. The error's
	// text tells which.
	ErrSendFrame = errors.New("frame: not to be sent")
)

// These are the errors that wrap ErrSendFrame and name no length.
var (
	errSendReserved          = sendFrameError("reserved opcode", "5.2")
	errSendReservedBit       = sendFrameError("RSV1 on a continuation frame", "5.2")
	errSendNoMessage         = sendFrameError("continuation frame without a message to continue", "5.4")
	errSendOpenMessage       = sendFrameError("new message inside a fragmented one", "5.4")
	errSendControlFragmented = sendFrameError("fragmented control frame", "5.5")
	errSendControlUnseen     = sendFrameError("control frame without its payload", "5.5")
)

func sendFrameError(reason, section string) error {
	return fmt.Errorf("%w: %s (RFC 6455, Section %s)", ErrSendFrame, reason, section)
}

// sendTooLong returns the error of a data frame that is longer than limit.
func sendTooLong(length, limit int64) error {
	return fmt.Errorf("%w: %d bytes, limit %d", ErrSendTooLong, length, limit)
}

// sendControlTooLong returns the error of a control frame that is too long.
func sendControlTooLong(length int64) error {
	return sendFrameError(fmt.Sprintf("too much payload for control frame: %d bytes, limit %d", length, maxControlLen), "5.5")
}
