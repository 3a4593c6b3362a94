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
// extended buffer. A code of 0 means none, and then there is no reason either:
// nothing is appended. A reason of more than 123 bytes is cut at the border of
// a rune, and what is not UTF-8 in it becomes U+FFFD. Whether code may be sent
// is for the caller to ask of [StatusCode.Valid].
func AppendClose(dst []byte, code StatusCode, reason string) []byte {
	if code == 0 {
		return dst
	}
	dst = binary.BigEndian.AppendUint16(dst, uint16(code))
	return append(dst, cutReason(strings.ToValidUTF8(reason, "\uFFFD"))...)
}

// cutReason cuts reason, which is valid UTF-8, to what a Close frame can hold.
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

// A CloseError says that the peer has closed the connection, and why.
type CloseError struct {
	Code   StatusCode // StatusNoStatusRcvd if the Close frame had no code
	Reason string     // UTF-8; for people, not for programs
}

// Error returns "frame: closed by the peer: 1000 Normal Closure" and the
// reason, quoted, if there is one.
func (e *CloseError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("frame: closed by the peer: %v", e.Code)
	}
	return fmt.Sprintf("frame: closed by the peer: %v: %q", e.Code, e.Reason)
}

// CloseCode returns the Code of the [*CloseError] in err's tree, or 0 if there
// is none.
func CloseCode(err error) StatusCode {
	var closed *CloseError
	if errors.As(err, &closed) {
		return closed.Code
	}
	return 0
}
