package handshake

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"net/http"
)

// A Server is the server's half of the handshake (RFC 6455, Section 4.2). The zero
// value speaks no subprotocol and accepts pages of its own origin.
//
// Multiple goroutines may invoke Upgrade simultaneously. The fields must not change
// meanwhile.
type Server struct {
	// Protocols are the subprotocols that the server speaks, most preferred first.
	// The first that the client offers too is chosen. If there is none, the
	// connection is made without a subprotocol. A browser that has offered one closes
	// the connection then.
	Protocols []string

	// Origins are further origins whose pages may open a connection: a scheme, a host
	// and a port, as in "https://app.example" and "http://localhost:3000". The port may
	// be left out if it is the scheme's default. A host that begins with "*." stands for
	// all names below it: "https://*.example.com" matches https://a.example.com and
	// https://a.b.example.com, and not https://example.com. Case does not matter. If one
	// of them is no origin, each request is refused with 500.
	//
	// Pages of the server's own origin are accepted in any case: an Origin with the host
	// and port of the request's Host, whose scheme is https if r.TLS is set, and http or
	// https if not. The latter is for a server behind a proxy that takes TLS off. Such a
	// proxy must pass the Host on as the browser sent it. A port that is left out of the
	// Origin or of the Host is the default of the Origin's scheme, so that 443 is
	// expected of an https page, and never 80. If the proxy leaves out another port, or
	// adds its own, the origin must be listed here.
	Origins []string

	// CheckOrigin reports whether a request may open a connection, by its Origin header
	// field or by anything else. It is called after the request was found valid; false
	// answers 403. Where it is set it decides alone, and Origins is not used. If nil, a
	// request without an Origin is accepted, since it does not come from a browser. One
	// with an Origin must come from the server's own origin or from one of Origins.
	//
	// Browsers let any page open a WebSocket to any host and send the user's cookies
	// along; the same-origin policy and CORS do not apply. If cookies tell the server who
	// the user is, every page that the user visits could act and read in the user's name:
	// cross-site WebSocket hijacking. The Origin tells such pages apart, and a page cannot
	// forge it. A CheckOrigin that always reports true is safe only where a connection
	// alone gives no rights, say because the first message must carry a token.
	CheckOrigin func(r *http.Request) bool

	// Header has further header fields for the 101 response, Set-Cookie for
	// instance. The fields that the handshake sets cannot be among them, nor names that
	// are no tokens, nor values with control characters: each request is then refused
	// with 500. The fields in the Header of the ResponseWriter are not sent with a 101.
	Header http.Header

	// Deflate holds the parameters of permessage-deflate. The client's offers are
	// taken in its order; the first that fits is accepted. If there is none, the
	// connection is made without compression. If nil, none is accepted. If it has
	// a value out of range, each request is refused with 500.
	Deflate *Deflate
}

// Upgrade answers the handshake that r asks for and takes over its connection. The
// Conn of the result has no deadlines.
//
// If err is not nil, it is an *Error, and the client was told its Status, as plain
// text: 400, 403, 405, 426 (a version other than 13), 500 (w gives no connection
// away, or s is not valid) or 505 (HTTP/2 and up). Nothing is hijacked then. If there
// could be no such answer, Status is zero: w was hijacked before, or the connection
// broke between its hijacking and the end of the 101, and is closed.
//
// The 101 must be written within the WriteTimeout of the http.Server, or within 10
// seconds if that is zero. A peer that does not read cannot hold Upgrade up for longer.
// A net.Conn need not have deadlines for that. net/http's Hijack needs them, though: over
// a connection without deadlines it waits for the first byte behind the request.
//
// The caller must not have begun a response. net/http does not tell whether one has
// begun: it sends that response's header, Upgrade's 101 becomes part of its body, and
// the client fails because the status is not 101.
//
// w may be wrapped by middleware with an Unwrap method, as for
// [http.ResponseController]. A request with a body is refused. For one without,
// "Expect: 100-continue" has nothing to wait for: the 101 is the answer.
func (s *Server) Upgrade(w http.ResponseWriter, r *http.Request) (Result, error) {
	var a answer
	if refusal := s.check(r, &a); refusal != nil {
		refuse(w, refusal)
		return Result{}, refusal
	}
	limit := writeTimeout(r)
	nc, brw, refusal := hijack(w)
	if refusal != nil {
		return Result{}, refusal
	}
	if err := s.respond(nc, brw.Writer, limit, &a); err != nil {
		return Result{}, err
	}
	return Result{Agreement: s.agreement(&a), Conn: nc, Early: takeEarly(brw.Reader)}, nil
}

// hijack takes the connection, or refuses if w does not give it. The Reader and the
// Writer are nil if w has none.
func hijack(w http.ResponseWriter) (net.Conn, bufio.ReadWriter, *Error) {
	nc, brw, err := http.NewResponseController(w).Hijack()
	switch {
	case errors.Is(err, http.ErrHijacked):
		return nil, bufio.ReadWriter{}, &Error{Reason: "response header already sent", Err: err}
	case err != nil:
		refusal := &Error{
			Status: http.StatusInternalServerError,
			Reason: "connection cannot be hijacked",
			Err:    err,
		}
		refuse(w, refusal)
		return nil, bufio.ReadWriter{}, refusal
	case brw == nil: // some servers other than net/http read nothing ahead
		return nc, bufio.ReadWriter{}, nil
	}
	return nc, *brw, nil
}

// takeEarly copies the bytes that br has read ahead. The copy lets br be freed.
func takeEarly(br *bufio.Reader) []byte {
	if br == nil || br.Buffered() == 0 {
		return nil
	}
	n := br.Buffered()
	early, _ := br.Peek(n) // never fails: that much is buffered
	return bytes.Clone(early)
}
