package frame

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	maxControlLen = 125               // of a control frame's payload, in bytes (Section 5.5)
	maxReasonLen  = maxControlLen - 2 // of a Close frame's reason, in bytes
)

// ParseClose parses the payload of a Close frame (RFC 6455, Section 5.5.1). An
// empty payload gives [StatusNoStatusRcvd]. The error is [ErrCloseBody] or
// [ErrInvalidUTF8].
func ParseClose(p []byte) (code StatusCode, reason string, err error) {
	switch {
	case len(p) == 0:
		return StatusNoStatusRcvd, "", nil
	case len(p) == 1:
		return 0, "", ErrCloseBody
	}
	code = StatusCode(binary.BigEndian.Uint16(p))
	switch {
	case !code.Valid():
		return 0, "", closeCodeError(code)
	case !utf8.Valid(p[2:]):
		return 0, "", ErrInvalidUTF8
	}
	return code, string(p[2:]), nil
}

// AppendClose appends the payload of a Close frame to dst and returns the
// extended buffer. If code is 0, the payload is empty: nothing is appended, and
// reason is ignored. A reason of more than 123 bytes is cut between two runes,
// and invalid UTF-8 in it is replaced by U+FFFD. AppendClose does not check
// code; see [StatusCode.Valid].
func AppendClose(dst []byte, code StatusCode, reason string) []byte {
	if code == 0 {
		return dst
	}
	dst = binary.BigEndian.AppendUint16(dst, uint16(code))
	return append(dst, cutReason(strings.ToValidUTF8(reason, "\uFFFD"))...)
}

// cutReason cuts reason, which is valid UTF-8, to the length that fits in a
// Close frame.
func cutReason(reason string) string {
	if len(reason) <= maxReasonLen {
		return reason
	}
	n := maxReasonLen
	for !utf8.RuneStart(reason[n]) {
		n--
	}
	return reason[:n]
}

// A CloseError means that the peer has closed the connection.
type CloseError struct {
	Code   StatusCode // StatusNoStatusRcvd if the Close frame had no code
	Reason string     // valid UTF-8; meant for people, not for programs
}

// Error returns "frame: closed by the peer: 1000 Normal Closure" and the
// reason, quoted, if there is one.
func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("frame: closed by the peer: %v", e.Code)
	}
	return fmt.Sprintf("frame: closed by the peer: %v: %q", e.Code, e.Reason)
}

// CloseCode returns the Code of the [*CloseError] that [errors.As] finds in
// err. It returns 0 if there is none, and if err is nil.
func CloseCode(err error) StatusCode {
	if err == nil { // as after most receives, which must not allocate
		return 0
	}
	var closed *CloseError
	if errors.As(err, &closed) {
		return closed.Code
	}
	return 0
}
