package handshake

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"time"

	"resty.websocket/internal/transport"
)

// respondTime is how long the 101 may take to be written where the http.Server has no
// WriteTimeout.
const respondTime = 10 * time.Second

// An answer is what a valid request is to be answered with.
type answer struct {
	key      string
	protocol string
	compress bool          // permessage-deflate was accepted
	deflate  deflateParams // with these parameters
}

// agreement returns what holds once the answer is sent.
func (s *Server) agreement(a *answer) Agreement {
	agreement := Agreement{Protocol: a.protocol}
	if a.compress {
		agreement.Deflate = s.Deflate.agreed(a.deflate)
	}
	return agreement
}

// appendResponse appends the 101 response (RFC 6455, Section 4.2.2, step 5).
func (s *Server) appendResponse(dst []byte, a *answer) []byte {
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

// respond writes the 101 in one piece, within limit, and leaves nc without deadlines: a
// deadline of the http.Server's is for one request and not for the life of a connection.
// If respond fails, or if nc panics, nc is closed.
func (s *Server) respond(nc net.Conn, bw *bufio.Writer, limit time.Duration, a *answer) error {
	done := false
	defer func() {
		if !done {
			transport.Abort(nc)
		}
	}()
	var scratch []byte
	if bw != nil {
		scratch = bw.AvailableBuffer() // nothing else is written through bw
	}
	response := s.appendResponse(scratch, a)
	err := nc.SetWriteDeadline(time.Now().Add(limit))
	hasDeadlines := err == nil
	if hasDeadlines {
		_, err = nc.Write(response)
	} else {
		err = writeOrAbort(limit, nc, response)
	}
	if err != nil {
		return &Error{Reason: "failed to send the handshake response", Err: err}
	}
	if err := nc.SetDeadline(time.Time{}); err != nil && hasDeadlines {
		return &Error{Reason: "deadlines cannot be cleared", Err: err}
	}
	done = true
	return nil
}

// writeOrAbort writes p to nc, which has no deadlines, and closes nc once limit has
// passed.
func writeOrAbort(limit time.Duration, nc net.Conn, p []byte) error {
	timer := time.AfterFunc(limit, func() { transport.Abort(nc) })
	_, err := nc.Write(p)
	if !timer.Stop() {
		return os.ErrDeadlineExceeded
	}
	return err
}

// writeTimeout returns how long the http.Server that received r lets a response take.
func writeTimeout(r *http.Request) time.Duration {
	s, ok := r.Context().Value(http.ServerContextKey).(*http.Server)
	if !ok || s.WriteTimeout <= 0 {
		return respondTime
	}
	return s.WriteTimeout
}
