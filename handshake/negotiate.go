package handshake

import "resty.websocket/internal/http1"

// An element is one extension of a Sec-WebSocket-Extensions header field.
type element struct {
	name    string
	deflate deflateParams // of permessage-deflate
	valid   bool          // it is a permessage-deflate whose parameters are all valid
}

// element returns the next extension together with its parameters.
func (s *extensionScanner) element() (e element, ok bool) {
	if e.name, ok = s.extension(); !ok {
		return element{}, false
	}
	e.valid = e.name == deflateName
	for {
		p, ok := s.param()
		if !ok {
			return e, !s.malformed
		}
		e.valid = e.valid && e.deflate.add(p)
	}
}

// negotiate goes through the offers in a request, the most preferred first, and accepts
// the first that fits d. If d is nil, it accepts none. ok is false if the lines break the
// grammar.
func (d *Deflate) negotiate(lines []string) (response deflateParams, accepted, ok bool) {
	s := scanExtensions(lines)
	for {
		offer, more := s.element()
		if !more {
			return response, accepted, !s.malformed
		}
		if d != nil && offer.valid && !accepted {
			response, accepted = d.accept(offer.deflate)
		}
	}
}

// confirm goes through the extensions in a response. The client has offered d, or
// nothing if d is nil. agreed is nil if the server took up no extension.
func (d *Deflate) confirm(lines []string) (agreed *Deflate, err *Error) {
	s := scanExtensions(lines)
	for {
		e, more := s.element()
		switch {
		case s.malformed:
			return nil, badResponse("sec-websocket-extensions", section91)
		case !more:
			return agreed, nil
		case d == nil || e.name != deflateName:
			return nil, &Error{Reason: "extension not offered: " + http1.Printable(e.name), Section: section41}
		case !e.valid || agreed != nil || !d.confirms(e.deflate):
			return nil, &Error{
				Reason:  "bad permessage-deflate response: " + quote(lines),
				Section: "RFC 7692, Section 7.1",
			}
		}
		agreed = d.agreed(e.deflate)
	}
}
