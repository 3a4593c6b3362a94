package handshake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"resty.websocket/internal/http1"
)

// An Error tells why a handshake failed.
type Error struct {
	// Status is an HTTP status code. From a Server it is the one that the client
	// was answered with, from a Client the one that the server answered with. It
	// is zero where there was no answer.
	Status int

	// Reason says what was wrong, in the words of lua-resty-websocket where it
	// has them. Text of the peer's is cut short and printable.
	Reason string

	// Section is the rule that was broken, as in "RFC 6455, Section 4.2.1".
	// It is empty where no RFC has a rule.
	Section string

	// Err is the cause, nil if there is no other: an error of the connection, or
	// of the http.ResponseWriter. Its own text is as its package made it and may
	// quote the peer, a certificate's names for instance.
	Err error
}

// Error returns a text like
//
//	handshake: bad "upgrade" request header: h2c (RFC 6455, Section 4.2.1)
//
// All of it is printable, the text of Err included: question marks take the place of
// control characters and line breaks. Of Err's text it has 512 bytes at most.
func (e *Error) Error() string {
	s := "handshake: " + e.Reason
	if e.Err != nil {
		s += ": " + cut(e.Err.Error())
	}
	if e.Section != "" {
		s += " (" + e.Section + ")"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

// Unwrap returns e.Err.
func (e *Error) Unwrap() error { return e.Err }

// cut returns the first 512 bytes of s, without a part of a character at the end.
func cut(s string) string {
	most := 512
	if len(s) <= most {
		return s
	}
	for !utf8.RuneStart(s[most]) && most > 0 {
		most--
	}
	return s[:most] + "..."
}

// quote returns what a reason may show of values that came from the peer: the
// lines of one header field, "nil" for none.
func quote(values []string) string {
	if len(values) == 0 {
		return "nil"
	}
	return http1.Printable(strings.Join(values, ", "))
}
