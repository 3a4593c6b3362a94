package readme

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// quoted are the errors that FAQ.md quotes: the functions provoke them.
var quoted = []func(*testing.T) error{
	refused(func(r *http.Request) { r.Header.Set("Origin", "https://app.example") }),
	refused(func(r *http.Request) { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.0", 1, 0 }),
	refused(func(r *http.Request) { r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/2.0", 2, 0 }),
	refused(func(r *http.Request) { r.Header.Del("Upgrade") }),
	refused(func(r *http.Request) { r.Header.Set("Connection", "close") }),
	refused(func(r *http.Request) { r.Header.Set("Sec-Websocket-Version", "8") }),
	refused(func(*http.Request) {}), // because a ResponseRecorder is no Hijacker
	upgradedTwice,
	refusedByServer,
	sends(0, func(wb *client.Conn) error { return wb.SendClose(frame.StatusAbnormalClosure, "") }),
	sends(0, func(wb *client.Conn) error { return wb.SendBinary(make([]byte, 2<<20)) }),
	sends(-1, func(wb *client.Conn) error {
		wb.SendBinary(make([]byte, 2<<20))
		_, _, err := wb.RecvMessage()
		return err
	}),
	receives((*server.Conn).RecvMessage, func(wb *client.Conn) { wb.CloseNow() }),
	receives((*server.Conn).RecvMessage, func(wb *client.Conn) { wb.SendBinary(make([]byte, 2<<20)) }),
	receives((*server.Conn).RecvFrame, func(wb *client.Conn) { wb.SendBinary(make([]byte, 2<<20)) }),
	receives((*server.Conn).RecvMessage, func(wb *client.Conn) {
		wb.NetConn().(*net.TCPConn).SetLinger(0)
		wb.CloseNow()
	}),
	brokenPipe,
}

// TestFAQ provokes each error that FAQ.md quotes. A quotation is a line of four spaces and the text.
func TestFAQ(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("errors of TCP have other words elsewhere")
	}
	text, err := os.ReadFile(filepath.Join(root, "examples/FAQ.md"))
	if err != nil {
		t.Fatal(err)
	}
	port := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	var want []string
	for _, line := range regexp.MustCompile(`(?m)^    \w.*`).FindAllString(string(text), -1) {
		if line = strings.TrimSpace(line); !strings.HasSuffix(line, ";") && !strings.HasSuffix(line, "{") { // nginx
			want = append(want, port.ReplaceAllString(line, "PORT"))
		}
	}
	var got []string
	for _, provoke := range quoted {
		got = append(got, port.ReplaceAllString(provoke(t).Error(), "PORT"))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("errors\n%s\nFAQ.md has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// refused returns what becomes of a handshake that is valid before change.
func refused(change func(*http.Request)) func(*testing.T) error {
	return func(*testing.T) error {
		r := httptest.NewRequest("GET", "http://chat.example/s", nil)
		r.Header = http.Header{
			"Connection":            {"Upgrade"},
			"Upgrade":               {"websocket"},
			"Sec-Websocket-Key":     {"x3JJHMbDL1EzLkh9GBhXDw=="},
			"Sec-Websocket-Version": {"13"},
		}
		change(r)
		_, err := server.New(httptest.NewRecorder(), r, nil)
		return err
	}
}

// serveTCP returns the URL of a server on the loopback interface, where errors are TCP's.
func serveTCP(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

func connect(t *testing.T, url string, opts *client.Options) *client.Conn {
	t.Helper()
	wb, _, err := client.Connect(t.Context(), url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	return wb
}

func upgradedTwice(t *testing.T) error {
	errs := make(chan error, 1)
	url := serveTCP(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wb, err := server.New(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer wb.CloseNow()
		_, err = server.New(w, r, nil)
		errs <- err
	}))
	connect(t, url, nil)
	return <-errs
}

func refusedByServer(t *testing.T) error {
	url := serveTCP(t, server.Handler(nil, func(*server.Conn) {}))
	_, _, err := client.Connect(t.Context(), url, &client.Options{Origin: "https://app.example"})
	return err
}

// sends returns the error of a client with a MaxSendLen whose server receives messages.
func sends(limit int, f func(*client.Conn) error) func(*testing.T) error {
	return func(t *testing.T) error {
		url := serveTCP(t, server.Handler(nil, func(wb *server.Conn) {
			for wb.Fatal() == nil {
				wb.RecvMessage()
			}
		}))
		return f(connect(t, url, &client.Options{MaxSendLen: limit}))
	}
}

// receives returns the error with which a server receives what a client does.
func receives(recv func(*server.Conn) ([]byte, frame.Opcode, error), f func(*client.Conn)) func(*testing.T) error {
	return func(t *testing.T) error {
		errs := make(chan error, 1)
		url := serveTCP(t, server.Handler(nil, func(wb *server.Conn) {
			_, _, err := recv(wb)
			errs <- err
		}))
		f(connect(t, url, &client.Options{MaxPayloadLen: -1}))
		return <-errs
	}
}

// brokenPipe returns the error of a server that sends when the client has closed TCP.
func brokenPipe(t *testing.T) error {
	closed, errs := make(chan bool), make(chan error, 1)
	url := serveTCP(t, server.Handler(&server.Options{NoDelay: true}, func(wb *server.Conn) {
		<-closed
		var err error
		for err == nil {
			err = wb.SendString("hello")
		}
		errs <- err
	}))
	connect(t, url, nil).CloseNow()
	close(closed)
	return <-errs
}
