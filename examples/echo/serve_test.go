package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"resty.websocket/frame"
)

func TestPage(t *testing.T) {
	root := start(t, command(t, "-addr", free))
	for path, status := range map[string]int{
		"":                http.StatusOK,
		"websockets.html": http.StatusOK,
		"favicon.ico":     http.StatusNotFound,
		"s":               http.StatusBadRequest,
	} {
		resp, err := http.Get(root + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != status {
			t.Errorf("GET /%s: %s, want %d", path, resp.Status, status)
		}
		if status != http.StatusOK {
			continue
		}
		if got := resp.Header.Get("Content-Type"); got != "text/html; charset=utf-8" || string(body) != page {
			t.Errorf("GET /%s: %s, not the page:\n%s", path, got, body)
		}
	}
}

// TestInterrupt ends a server that has clients: some that answer its goodbye,
// and perhaps one that does not.
func TestInterrupt(t *testing.T) {
	for name, mute := range map[string]bool{"all_answer": false, "one_does_not": true} {
		t.Run(name, func(t *testing.T) {
			eachWay(t, func(t *testing.T, flags ...string) {
				cmd := command(t, flags...)
				page := start(t, cmd)
				clients := []socket{dial(t, page, "/s"), dial(t, page, "/s/"), dial(t, page, "/s/below")}
				if mute {
					dial(t, page, "/s")
				}
				goodbye := frame.AppendClose(nil, frame.StatusGoingAway, "")
				interrupt(t, cmd, func() {
					for _, s := range clients {
						s.expect(true, frame.Close, goodbye)
						s.send(true, frame.Close, goodbye)
						s.ended()
					}
				})
			})
		})
	}
}

func TestLog(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		var stderr bytes.Buffer
		cmd := command(t, "-addr", free, fmt.Sprint("-quiet=", quiet))
		cmd.Stderr = &stderr
		s := dial(t, start(t, cmd), "/s")
		s.send(true, frame.Close, frame.AppendClose(nil, 4001, "why not"))
		s.expect(true, frame.Close, frame.AppendClose(nil, 4001, "why not"))
		s.ended()
		interrupt(t, cmd, func() {})
		if said := strings.Contains(stderr.String(), "why not"); said == quiet || quiet && stderr.Len() > 0 {
			t.Errorf("-quiet=%t logged %q", quiet, &stderr)
		}
	}
}

func TestPageURL(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080/",
		"0.0.0.0:80":     "http://localhost:80/",
		"[::]:8080":      "http://localhost:8080/",
		"[::1]:8080":     "http://[::1]:8080/",
	} {
		tcp, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := pageURL(tcp); got != want {
			t.Errorf("pageURL(%s) = %s, want %s", addr, got, want)
		}
	}
}
