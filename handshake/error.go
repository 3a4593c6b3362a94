package handshake

import (
	"strings"

	"resty.websocket/internal/http1"
)

// An Error tells why a handshake failed.
type Error struct {
	// Status is an HTTP status code. From a Server it is the one that the client
	// was answered with, from a Client the one that the server answered with. It
	// is zero where there was no answer.
	Status int

	// Reason says what was wrong, in the words of lua-resty-websocket where it
	// has them. What it quotes of the peer is cut short and printable.
	Reason string

	// Section is the rule that was broken, as in "RFC 6455, Section 4.2.1".
	// It is empty where no RFC has a rule.
	Section string

	// Err is the cause, nil if there is no other: an error of the connection, or
	// of the http.ResponseWriter.
	Err error
}

// Error returns a text like
//
//	handshake: bad "upgrade" request header: h2c (RFC 6455, Section 4.2.1)
func (e *Error) Error() string {
	s := "handshake: " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	if e.Section != "" {
		s += " (" + e.Section + ")"
	}
	return s
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// quote returns what a reason may show of values that came from the peer: the
// lines of one header field, "nil" for none.
func quote(values []string) string {
	if len(values) == 0 {
		return "nil"
	}
	return http1.Printable(strings.Join(values, ", "))
}
