package handshake

import "strings"

// extensionScanner goes through the Sec-WebSocket-Extensions lines of one header
// (RFC 6455, Section 9.1) in linear time:
//
//	extension-list  = 1#extension
//	extension       = extension-token *( ";" extension-param )
//	extension-param = token [ "=" (token | quoted-string) ]
//
// The caller asks for an extension, then for its parameters until there are no
// more, then for the next extension. White space may stand between any two parts.
type extensionScanner struct {
	rest      string   // of the line at hand
	lines     []string // that follow it
	found     bool     // an extension, or no line where there should be one
	malformed bool     // the lines break the grammar; there is nothing further
}

func scanExtensions(lines []string) extensionScanner {
	return extensionScanner{lines: lines, found: len(lines) == 0}
}

// A param is one parameter of an extension.
type param struct {
	name     string
	value    string // a token, unquoted and unescaped
	hasValue bool
}

// extension returns the next extension's name. ok is false at the end.
func (s *extensionScanner) extension() (name string, ok bool) {
	for s.literal(',') || s.nextLine() {
		// Empty elements do not count (RFC 2616, Section 2.1).
	}
	if s.malformed || s.rest == "" {
		s.malformed = s.malformed || !s.found
		return "", false
	}
	s.found = true
	return s.token()
}

// nextLine goes to the next line if this one is at its end: the lines are
// "logically the same as a single" one with commas between (Section 11.3.2).
func (s *extensionScanner) nextLine() bool {
	if s.malformed || s.rest != "" || len(s.lines) == 0 {
		return false
	}
	s.rest, s.lines = s.lines[0], s.lines[1:]
	return true
}

// param returns the next parameter of the extension. ok is false at its end.
func (s *extensionScanner) param() (p param, ok bool) {
	if !s.literal(';') {
		s.malformed = s.malformed || s.rest != "" && s.rest[0] != ','
		return param{}, false
	}
	if p.name, ok = s.token(); !ok {
		return param{}, false
	}
	if s.literal('=') {
		p.hasValue = true
		p.value, ok = s.value()
	}
	return p, ok
}

// value takes a token or a quoted string that holds one: "the value after
// quoted-string unescaping MUST conform to the 'token' ABNF".
func (s *extensionScanner) value() (value string, ok bool) {
	if !s.literal('"') {
		return s.token()
	}
	value, s.rest, ok = cutQuoted(s.rest)
	ok = ok && isToken(value)
	s.malformed = s.malformed || !ok
	return value, ok
}

// token skips white space and takes a token.
func (s *extensionScanner) token() (token string, ok bool) {
	s.skipSpace()
	n := tokenLen(s.rest)
	token, s.rest = s.rest[:n], s.rest[n:]
	s.malformed = s.malformed || n == 0
	return token, n > 0
}

// literal skips white space and takes c if it comes next.
func (s *extensionScanner) literal(c byte) bool {
	s.skipSpace()
	if s.malformed || s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *extensionScanner) skipSpace() {
	for s.rest != "" && isSpace(s.rest[0]) {
		s.rest = s.rest[1:]
	}
}

// cutQuoted takes what is left of a quoted-string behind its opening quote, in
// which a backslash makes the next character literal (RFC 2616, Section 2.2).
func cutQuoted(s string) (value, rest string, ok bool) {
	end := strings.IndexAny(s, `"\`)
	if end >= 0 && s[end] == '"' {
		return s[:end], s[end+1:], true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:], true
		case '\\':
			if i++; i == len(s) {
				return "", "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}
