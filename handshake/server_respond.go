package handshake

import (
	"bufio"
	"net"
	"time"
)

// An answer is what a valid request is to be answered with.
type answer struct {
	key      string
	protocol string
	compress bool          // permessage-deflate was accepted
	deflate  deflateParams // with these parameters
}

// agreement returns what holds once the answer is sent.
func (s *Server) agreement(a answer) Agreement {
	agreement := Agreement{Protocol: a.protocol}
	if a.compress {
		agreement.Deflate = s.Deflate.agreed(a.deflate)
	}
	return agreement
}

// appendResponse appends the 101 response (RFC 6455, Section 4.2.2, step 5).
func (s *Server) appendResponse(dst []byte, a answer) []byte {
	dst = append(dst, "HTTP/1.1 101 Switching Protocols\r\n"+
		"Upgrade: websocket\r\n"+
		"Connection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: "...)
	dst = append(appendAccept(dst, a.key), "\r\n"...)
	if a.protocol != "" {
		dst = appendLine(dst, "Sec-WebSocket-Protocol", a.protocol)
	}
	if a.compress {
		dst = append(dst, "Sec-WebSocket-Extensions: "...)
		dst = append(a.deflate.append(dst), "\r\n"...)
	}
	dst = appendHeader(dst, s.Header)
	return append(dst, "\r\n"...)
}

// respond writes the 101 in one piece, after the deadlines are gone that the
// http.Server set for a request: they would end the connection in mid-life.
func (s *Server) respond(nc net.Conn, bw *bufio.Writer, a answer) error {
	if err := nc.SetDeadline(time.Time{}); err != nil {
		return &Error{Reason: "deadlines cannot be cleared", Err: err}
	}
	// The writer is not needed any more, but its buffer comes in handy.
	if _, err := nc.Write(s.appendResponse(bw.AvailableBuffer(), a)); err != nil {
		return &Error{Reason: "failed to send the handshake response", Err: err}
	}
	return nil
}
