package handshake

import "strings"

// isAlphanumeric reports whether c is an ASCII letter or digit.
func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// isTokenByte reports whether c may stand in a token: one of U+0021 to U+007E
// that is not a separator (RFC 2616, Section 2.2).
func isTokenByte(c byte) bool {
	return isAlphanumeric(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// tokenLen returns the length of the token that s begins with, 0 if there is none.
func tokenLen(s string) int {
	n := 0
	for n < len(s) && isTokenByte(s[n]) {
		n++
	}
	return n
}

// isToken reports whether s as a whole is a token.
func isToken(s string) bool {
	return s != "" && tokenLen(s) == len(s)
}

// trimSpace returns s without the spaces and tabs around it: what is left of
// "implied *LWS" (RFC 2616, Section 2.1) once lines have been unfolded.
func trimSpace(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	for s != "" && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' }

// equalFold reports whether a and b are an ASCII case-insensitive match.
// strings.EqualFold would take the Kelvin sign for a k.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// cutElement takes the first element off a comma-separated list. Lists may have
// empty elements, which do not count (RFC 2616, Section 2.1).
func cutElement(list string) (element, rest string) {
	element, rest, _ = strings.Cut(list, ",")
	return trimSpace(element), rest
}

// listContains reports whether one of the lists, each the value of one header
// line, has an element that matches token in any case.
func listContains(lists []string, token string) bool {
	for _, list := range lists {
		for list != "" {
			var element string
			element, list = cutElement(list)
			if equalFold(element, token) {
				return true
			}
		}
	}
	return false
}
