package http1

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"resty.websocket/internal/wiretest"
)

func TestMain(m *testing.M) { wiretest.Main(m) }

// A readConn is a connection that gives what r holds.
type readConn struct {
	net.Conn
	r io.Reader
}

func (c readConn) Read(p []byte) (int, error) { return c.r.Read(p) }

// repeated returns a Reader of text over and over, for more than a header may have.
func repeated(text string) io.Reader {
	return strings.NewReader(strings.Repeat(text, 2*MaxHeader/len(text)))
}

func TestResponse(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n"
	for _, tt := range []struct {
		name, raw string
		status    int
		behind    string
	}{
		{"nothing_behind", ok, 200, ""},
		{"data_behind", ok + "data\r\n\r\n", 200, "data\r\n\r\n"},
		{"lines_end_in_lf", "HTTP/1.1 200 OK\nX: y\n\n\n\n", 200, "\n\n"},
		{"lines_end_in_both", "HTTP/1.1 200 OK\nX: y\n\r\n", 200, ""},
		{"interim_responses", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" + ok, 200, ""},
		{"switching_protocols", "HTTP/1.1 101 Switching Protocols\r\n\r\n" + ok, 101, ok},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for name, cut := range map[string]func(io.Reader) io.Reader{
				"at_once":      func(r io.Reader) io.Reader { return r },
				"one_byte":     iotest.OneByteReader,
				"half":         iotest.HalfReader,
				"data_and_err": iotest.DataErrReader,
			} {
				rest := cut(strings.NewReader(tt.raw))
				in := NewReader(readConn{r: rest})
				resp, err := in.Response(nil)
				if err != nil || resp.StatusCode != tt.status {
					t.Fatalf("%s: %v, %v; want status %d", name, resp, err, tt.status)
				}
				buffered := in.Buffered()
				unread, _ := io.ReadAll(rest)
				if string(buffered)+string(unread) != tt.behind || len(buffered) == 0 && buffered != nil {
					t.Errorf("%s: %q and %q behind the header, want %q", name, buffered, unread, tt.behind)
				}
			}
		})
	}
}

func TestResponseErrors(t *testing.T) {
	padded := func(n int) string {
		const start, end = "HTTP/1.1 200 OK\r\nX: ", "\r\n\r\n"
		return start + strings.Repeat("x", n-len(start)-len(end)) + end
	}
	for _, tt := range []struct {
		name string
		r    io.Reader
		want error
	}{
		{"header_of_64KiB", strings.NewReader(padded(MaxHeader) + "data"), nil},
		{"header_one_byte_longer", strings.NewReader(padded(MaxHeader + 1)), ErrHeaderTooLong},
		{"header_without_end", io.MultiReader(strings.NewReader("HTTP/1.1 200 OK\r\n"), repeated("X: y\r\n")), ErrHeaderTooLong},
		{"interim_responses_without_end", repeated("HTTP/1.1 103 Early Hints\r\n\r\n"), ErrHeaderTooLong},
		{"nothing", strings.NewReader(""), io.ErrUnexpectedEOF},
		{"cut_short", strings.NewReader("HTTP/1.1 200 OK\r\n"), io.ErrUnexpectedEOF},
		{"broken", iotest.ErrReader(os.ErrDeadlineExceeded), os.ErrDeadlineExceeded},
		{"no_progress", emptyReads{}, io.ErrNoProgress},
		{"not_http", strings.NewReader("SSH-2.0\r\n\r\n"), SyntaxError(`malformed HTTP response "SSH-2.0"`)},
		{"rude", strings.NewReader("HTTP/1.1 200 OK\r\n\x1b[31m" + strings.Repeat("x", 100) + "\r\n\r\n"),
			SyntaxError(`malformed MIME header: missing colon: "\x1b[31m` + strings.Repeat("x", 17) + "...")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			resp, err := NewReader(readConn{r: tt.r}).Response(&http.Request{Method: "GET"})
			if !errors.Is(err, tt.want) || (resp == nil) != (tt.want != nil) {
				t.Errorf("%v, %v; want %v", resp, err, tt.want)
			}
			if err != nil && err.Error() != tt.want.Error() {
				t.Errorf("the text is %q, want %q", err, tt.want)
			}
		})
	}
}

// emptyReads has neither bytes nor an error to give.
type emptyReads struct{}

func (emptyReads) Read([]byte) (int, error) { return 0, nil }
