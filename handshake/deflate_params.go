package handshake

import (
	"strconv"

	"resty.websocket/internal/deflate"
)

// deflateName is the registered name of the extension that this package knows (RFC 7692).
const deflateName = "permessage-deflate"

// deflateParams are the parameters of one permessage-deflate element, of an offer
// or of a response.
type deflateParams struct {
	serverNoContextTakeover bool
	clientNoContextTakeover bool
	serverMaxWindowBits     int // 0: not there
	clientMaxWindowBits     int // 0: not there; or noValue
}

// noValue stands for client_max_window_bits without a value, as an offer may have it.
const noValue = -1

// add takes in one parameter. It reports whether the element is still valid: the
// parameter is known, was not there before, and has a value that it may have.
func (d *deflateParams) add(p param) bool {
	switch p.name {
	case "server_no_context_takeover":
		return addFlag(&d.serverNoContextTakeover, p)
	case "client_no_context_takeover":
		return addFlag(&d.clientNoContextTakeover, p)
	case "server_max_window_bits":
		return addWindowBits(&d.serverMaxWindowBits, p)
	case "client_max_window_bits":
		if !p.hasValue && d.clientMaxWindowBits == 0 {
			d.clientMaxWindowBits = noValue
			return true
		}
		return addWindowBits(&d.clientMaxWindowBits, p)
	}
	return false
}

func addFlag(flag *bool, p param) bool {
	if *flag || p.hasValue {
		return false
	}
	*flag = true
	return true
}

// addWindowBits takes "a decimal integer value without leading zeroes between 8 to
// 15, inclusive" (RFC 7692, Section 7.1.2).
func addWindowBits(bits *int, p param) bool {
	if *bits != 0 || len(p.value) > len("15") {
		return false
	}
	n, err := strconv.Atoi(p.value)
	if err != nil || n < deflate.MinWindowBits || n > deflate.MaxWindowBits || strconv.Itoa(n) != p.value {
		return false
	}
	*bits = n
	return true
}

// append appends the element to dst.
func (d deflateParams) append(dst []byte) []byte {
	dst = append(dst, deflateName...)
	if d.serverNoContextTakeover {
		dst = append(dst, "; server_no_context_takeover"...)
	}
	if d.clientNoContextTakeover {
		dst = append(dst, "; client_no_context_takeover"...)
	}
	if d.serverMaxWindowBits != 0 {
		dst = append(dst, "; server_max_window_bits="...)
		dst = strconv.AppendInt(dst, int64(d.serverMaxWindowBits), 10)
	}
	switch {
	case d.clientMaxWindowBits == noValue:
		dst = append(dst, "; client_max_window_bits"...)
	case d.clientMaxWindowBits != 0:
		dst = append(dst, "; client_max_window_bits="...)
		dst = strconv.AppendInt(dst, int64(d.clientMaxWindowBits), 10)
	}
	return dst
}
