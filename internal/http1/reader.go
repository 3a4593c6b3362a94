package http1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
)

// MaxHeader is how many bytes a status line and header may have, together with those
// of the interim responses in front of them.
const MaxHeader = 64 << 10

// maxEmptyReads is how many reads in a row may give neither bytes nor an error.
const maxEmptyReads = 100

// ErrHeaderTooLong is the error for a header of more than MaxHeader bytes.
var ErrHeaderTooLong = errors.New("header has more than 64 KiB")

// A SyntaxError says why a response is not HTTP.
type SyntaxError string

func (e SyntaxError) Error() string { return string(e) }

// A Reader reads a response from a connection. It reads a header as a whole before it
// parses it. So it can tell an error of the connection from a response that is not
// HTTP, and it knows where the header ended.
type Reader struct {
	conn net.Conn
	buf  []byte // read, but not parsed yet
	left int    // bytes that may still be read
}

// NewReader returns a Reader for one response from nc.
func NewReader(nc net.Conn) *Reader {
	return &Reader{conn: nc, left: MaxHeader}
}

// Response returns the first response to r that is not an interim one, such as 103
// Early Hints. 101 is no interim response. The body goes on where the header ended.
func (in *Reader) Response(r *http.Request) (*http.Response, error) {
	for {
		header, err := in.header()
		if err != nil {
			return nil, err
		}
		all := io.MultiReader(bytes.NewReader(header), bytes.NewReader(in.buf), in.conn)
		resp, err := http.ReadResponse(bufio.NewReaderSize(all, len(header)), r)
		if err != nil {
			return nil, SyntaxError(Printable(err.Error())) // it quotes the peer, at any length
		}
		if resp.StatusCode/100 != 1 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
}

// Buffered returns the bytes that were read behind the header, nil if there were none.
func (in *Reader) Buffered() []byte {
	if len(in.buf) == 0 {
		return nil
	}
	return bytes.Clone(in.buf)
}

// header takes a header off the input, with the empty line that ends it.
func (in *Reader) header() ([]byte, error) {
	searched := 0
	for {
		if end := endOfHeader(in.buf, searched); end > 0 {
			header := in.buf[:end]
			in.buf = in.buf[end:]
			return header, nil
		}
		searched = len(in.buf)
		if err := in.read(); err != nil {
			return nil, err
		}
	}
}

// read adds at least one byte to in.buf. Bytes come before the error that came with
// them.
func (in *Reader) read() error {
	if in.left == 0 {
		return ErrHeaderTooLong
	}
	in.buf = slices.Grow(in.buf, min(512, in.left))
	room := in.buf[len(in.buf):cap(in.buf)]
	room = room[:min(len(room), in.left)]
	for range maxEmptyReads {
		n, err := in.conn.Read(room)
		in.buf = in.buf[:len(in.buf)+n]
		in.left -= n
		switch {
		case n > 0:
			return nil
		case err == io.EOF:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
	}
	return io.ErrNoProgress
}

// endOfHeader returns the length of the header at the start of b, with the empty line
// that ends it, or 0 if it has not ended. The caller knows that it does not end within
// the first searched bytes. As in net/http, a line may end in LF without CR.
func endOfHeader(b []byte, searched int) int {
	for i := max(0, searched-len("\n\r")); i < len(b); i++ {
		switch {
		case b[i] != '\n':
		case bytes.HasPrefix(b[i:], []byte("\n\n")):
			return i + len("\n\n")
		case bytes.HasPrefix(b[i:], []byte("\n\r\n")):
			return i + len("\n\r\n")
		}
	}
	return 0
}
