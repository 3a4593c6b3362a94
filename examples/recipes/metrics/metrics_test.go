package metrics

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// page returns the metrics.
func page(s *Service) string {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func echo(wb *server.Conn, _ *slog.Logger) {
	for {
		data, typ, err := wb.RecvMessage()
		if err != nil || wb.SendMessage(typ, data) != nil {
			return
		}
	}
}

func ExampleService() {
	var s Service
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { // what differs from time to time
			if a.Key == slog.TimeKey || a.Key == "client" || a.Key == "after" {
				return slog.Attr{}
			}
			return a
		},
	}))
	wb, _, err := inmemory.Connect(server.Handler(&server.Options{Group: &s.Group}, s.Watch(log, echo)), "/ws", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	wb.SendString("hello")
	wb.RecvMessage()
	wb.SendClose(frame.StatusGoingAway, "bye") // as a browser does that leaves the page
	wb.Close()
	s.Group.Shutdown(context.Background()) // which waits until the connection has left
	for line := range strings.Lines(page(&s)) {
		if !strings.HasPrefix(line, "#") && !strings.HasSuffix(line, " 0\n") && !strings.Contains(line, "bytes") {
			fmt.Print(line)
		}
	}
	// Output:
	// level=INFO msg=ended path=/ws code=1001 err="frame: closed by the peer: 1001 Going Away: \"bye\""
	// websocket_connections_opened_total 1
	// websocket_received_messages_total 1
	// websocket_sent_messages_total 1
	// websocket_ends_total{code="1001"} 1
}

// TestEnds ends connections in several ways.
func TestEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s Service
		var log bytes.Buffer
		h := server.Handler(&server.Options{Group: &s.Group}, s.Watch(slog.New(slog.NewTextHandler(&log, nil)), echo))
		for _, end := range []func(*client.Conn){
			func(wb *client.Conn) { wb.Close() },
			func(wb *client.Conn) { wb.CloseNow() },
			func(wb *client.Conn) { wb.SendClose(0, "") },
			func(wb *client.Conn) { wb.SendClose(4001, "") },
			func(wb *client.Conn) { wb.SendClose(4002, "") },
			func(wb *client.Conn) { wb.NetConn().Write([]byte{0xff}); wb.NetConn().Write(make([]byte, 20)) },
		} {
			wb, _, err := inmemory.Connect(h, "/", nil)
			if err != nil {
				t.Fatal(err)
			}
			end(wb)
			synctest.Wait()
			wb.Close()
			synctest.Wait()
		}
		text := page(&s)
		for _, want := range []string{
			`websocket_ends_total{code="1000"} 1`, `{code="1002"} 1`, `{code="1005"} 1`, `{code="1006"} 1`, `{code="other"} 2`,
			"websocket_connections 0", "websocket_connections_opened_total 6",
		} {
			if !strings.Contains(text, want+"\n") {
				t.Errorf("no %s in\n%s", want, text)
			}
		}
		if n := strings.Count(log.String(), "level=WARN"); n != 1 || strings.Count(log.String(), "msg=ended") != 6 {
			t.Errorf("%d warnings in\n%s", n, log.String())
		}
	})
}

// TestFormat checks each line of the page by the grammar of the format.
func TestFormat(t *testing.T) {
	s := &Service{ends: map[frame.StatusCode]int{1000: 1}}
	line := regexp.MustCompile(`^(# HELP \w+ .+\.|# TYPE \w+ (gauge|counter)|\w+(\{code="\w+"\})? \d+)\n$`)
	sample := 0
	for l := range strings.Lines(page(s)) {
		if !line.MatchString(l) {
			t.Errorf("%q", l)
		}
		if !strings.HasPrefix(l, "#") {
			sample++
		}
	}
	if sample != 9 {
		t.Errorf("%d samples", sample)
	}
}
