package handshake

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
)

const (
	// maxResponseHeader is how many bytes a server may take for status line and
	// header, those of interim responses included.
	maxResponseHeader = 64 << 10

	// maxRefusalBody is how much of a refusal's body is read.
	maxRefusalBody = 4 << 10
)

var errHeaderTooLong = errors.New("more than 64 KiB")

// A responseReader reads a response's header as a whole before it is parsed: so
// it is known whether the connection failed or the server wrote nonsense, and
// where the header ended.
type responseReader struct {
	r    io.Reader
	buf  []byte // read, but not parsed yet
	left int    // bytes that may still be read
}

// response returns the first response that is not an interim one, such as 103
// Early Hints. Its body goes on where the header ended.
func (in *responseReader) response(r *http.Request) (*http.Response, *Error) {
	for {
		header, err := in.header()
		if err != nil {
			return nil, &Error{Reason: "failed to receive response header", Err: err}
		}
		all := io.MultiReader(bytes.NewReader(header), bytes.NewReader(in.buf), in.r)
		resp, err := http.ReadResponse(bufio.NewReaderSize(all, len(header)), r)
		if err != nil {
			// net/http quotes the server, at any length.
			err = errors.New(printable(err.Error()))
			return nil, &Error{Reason: "bad HTTP response", Section: section41, Err: err}
		}
		if resp.StatusCode/100 != 1 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
}

// header takes what comes first off in, up to an empty line.
func (in *responseReader) header() ([]byte, error) {
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

// read adds what one Read gives to in.buf. Bytes come before the error that came
// with them.
func (in *responseReader) read() error {
	if in.left == 0 {
		return errHeaderTooLong
	}
	in.buf = slices.Grow(in.buf, min(512, in.left))
	room := in.buf[len(in.buf):cap(in.buf)]
	n, err := in.r.Read(room[:min(len(room), in.left)])
	in.buf = in.buf[:len(in.buf)+n]
	in.left -= n
	switch {
	case n > 0:
		return nil
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	}
	return err
}

// behind returns the bytes that followed the header, nil if there were none.
func (in *responseReader) behind() []byte {
	if len(in.buf) == 0 {
		return nil
	}
	return bytes.Clone(in.buf)
}

// endOfHeader returns how long the header at the start of b is, with the empty line
// that ends it, or 0 if it has not ended. There is no end in the first bytes of b,
// as many as searched. As to net/http, CR may be missing in front of LF.
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

// readBody puts the first bytes of the body into memory, as many as arrive.
func readBody(resp *http.Response) {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusalBody))
	resp.Body = io.NopCloser(bytes.NewReader(body))
}
