package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

// TestMain is the example itself where the environment says so: the tests run it as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("CLIENT_MAIN") == "1" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// command is the example as a process that is not started yet.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "CLIENT_MAIN=1", "GORACE=atexit_sleep_ms=0") // the race detector would sleep a second
	return cmd
}

// exits expects an exit status of a process that has ended with err.
func exits(t *testing.T, err error, status int) {
	t.Helper()
	var exit *exec.ExitError
	switch {
	case err == nil && status == 0:
	case !errors.As(err, &exit) || exit.ExitCode() != status:
		t.Errorf("%v, want exit status %d", err, status)
	}
}

// serve returns the URL of a server that has fn for its connections.
func serve(t *testing.T, opts *server.Options, fn func(*server.Conn)) string {
	t.Helper()
	s := httptest.NewServer(server.Handler(opts, fn))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

// echo sends back what it receives, frame by frame.
func echo(wb *server.Conn) {
	for {
		data, typ, err := wb.RecvFrame()
		switch {
		case err != nil && err != server.ErrAgain:
			return
		case typ == frame.Ping:
			wb.SendPong(data)
		default:
			wb.SendFrame(err == nil, typ, data)
		}
	}
}

func TestConversations(t *testing.T) {
	for _, tt := range []struct {
		name   string
		args   string
		input  string
		serve  func(*server.Conn)
		output string
		notes  string // what is on standard error, among other things
		status int
	}{
		{"lines", "", "hello\n\nGrüße\r\nno line break", echo, "hello\n\nGrüße\nno line break\n", "closed: 1000 Normal Closure", 0},
		{"long_line", "", strings.Repeat("x", 65535) + "\n", echo, strings.Repeat("x", 65535) + "\n", "", 0},
		{"not_utf8", "", "\xff\nhello\n", echo, "hello\n", "not UTF-8", 0},
		{"binary", "-binary", "\xff\r\n/ping\n", func(wb *server.Conn) {
			data, typ, _ := wb.RecvFrame() // one message, as it was written at once
			wb.SendFrame(false, typ, data)
			wb.SendContinue([]byte{0})
			wb.SendText([]byte("text"))
			echo(wb)
		}, "\xff\r\n/ping\n\x00text", "", 0},
		{"binary_received", "", "/ping\n", func(wb *server.Conn) {
			wb.SendFrame(false, frame.Binary, []byte{0, 255})
			wb.SendPing([]byte("between"))
			wb.SendContinue([]byte{16})
			echo(wb)
		}, "00ff10\n", "", 0},
		{"fragments", "", "", func(wb *server.Conn) {
			wb.SendFrame(false, frame.Text, []byte("Hel"))
			wb.SendContinue([]byte("lo"))
			echo(wb)
		}, "Hello\n", "", 0},
		{"ping", "", "/ping are you there\n", echo, "", `pong "are you there"`, 0},
		{"slash", "", "//ping\n", echo, "/ping\n", "", 0},
		{"unknown_command", "", "/quit\nhello\n", echo, "hello\n", "unknown command /quit", 0},
		{"close", "", "/close 4001 so long\nnever sent\n", func(wb *server.Conn) {
			_, _, err := wb.RecvFrame()
			wb.SendClose(4002, err.Error()) // what it has understood
		}, "", `closed: 4002 "frame: closed by the peer: 4001: \"so long\""`, 3},
		{"close_answered", "", "/close 4001 so long\n", echo, "", "closed: 4001", 0},
		{"close_without_code", "", "/close\n", echo, "", "closed: 1005", 0},
		{"bad_code", "", "/close 1005\n/close x\nhello\n", echo, "hello\n", "/close wants a status code", 0},
		{"once", "-once", "hello\nworld\n", echo, "hello\n", "", 0},
		{"once_without_a_message", "-once", "", func(*server.Conn) {}, "", "closed: 1000", 3},
		{"once_closed_by_us", "-once", "/close 4001\n", func(wb *server.Conn) { wb.RecvMessage() }, "", "closed: 4001", 3},
		{"closed_by_the_server", "", "", func(wb *server.Conn) { wb.SendClose(4003, "no") }, "", `closed: 4003 "no"`, 3},
		{"protocol_error", "", "", func(wb *server.Conn) {
			wb.NetConn().Write([]byte{0x83, 0})
			echo(wb)
		}, "", "reserved non-control frames", 4},
		{"lost", "", "", func(wb *server.Conn) { wb.CloseNow() }, "", "client: ", 4},
		{"subprotocol", "-protocol a -protocol b", "", echo, "", "connected, subprotocol b\n", 0},
		{"subprotocols", "-protocol a,b", "", echo, "", "connected, subprotocol b\n", 0},
		{"deflate", "-protocol b -deflate", "hello\n", echo, "hello\n", "connected, subprotocol b, permessage-deflate", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url := serve(t, &server.Options{Protocols: []string{"b"}, Deflate: &handshake.Deflate{}}, tt.serve)
			cmd := command(t, append(strings.Fields("-wait 0 "+tt.args), url)...)
			input, stop := pipe(t, tt.input, tt.status != 0 || strings.Contains(tt.args, "once"))
			defer stop()
			cmd.Stdin = input
			var output, notes strings.Builder
			cmd.Stdout, cmd.Stderr = &output, &notes
			exits(t, cmd.Run(), tt.status)
			if output.String() != tt.output {
				t.Errorf("printed %.100q, want %.100q", output.String(), tt.output)
			}
			if !strings.Contains(notes.String(), tt.notes) {
				t.Errorf("said %q, want %q", notes.String(), tt.notes)
			}
		})
	}
}

// pipe returns a file that has input in it. It stays open if the server is to end the conversation.
func pipe(t *testing.T, input string, open bool) (r *os.File, stop func()) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		io.WriteString(w, input)
		if !open {
			w.Close()
		}
	}()
	return r, func() { r.Close(); w.Close() }
}

func TestRequest(t *testing.T) {
	requests := make(chan *http.Request, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests <- r
		http.Error(w, "go away", http.StatusForbidden)
	}))
	defer s.Close()
	url := "ws" + strings.TrimPrefix(s.URL, "http")

	cmd := command(t, "-H", "X-A: 1", "-H", "x-a:2", "-H", "Host: example.com", "-origin", "http://a.example",
		"-protocol", "a, b", "-protocol", "c", "-deflate", url)
	notes, err := cmd.CombinedOutput()
	exits(t, err, unconnected)
	if !strings.Contains(string(notes), "403 Forbidden") || !strings.Contains(string(notes), "go away") {
		t.Errorf("said %q", notes)
	}
	r := <-requests
	if got := fmt.Sprint(r.Host, r.Header["X-A"], r.Header["Origin"]); got != "example.com[1 2] [http://a.example]" {
		t.Errorf("asked as %s", got)
	}
	protocols, extensions := r.Header.Get("Sec-WebSocket-Protocol"), r.Header.Get("Sec-WebSocket-Extensions")
	if protocols != "a,b,c" || !strings.HasPrefix(extensions, "permessage-deflate") {
		t.Errorf("offered %q and %q", protocols, extensions)
	}
}

func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		args   string
		status int
		says   string
	}{
		{"-h", 0, "Usage: client [flags] URL"},
		{"", misused, "want one URL after the flags, got 0 arguments"},
		{"ws://a ws://b", misused, "want one URL after the flags, got 2 arguments"},
		{"-nonsense ws://a", misused, "-nonsense"},
		{"-H nonsense ws://a", misused, "want 'Name: value'"},
		{"-ping -1s ws://a", misused, "negative -ping"},
		{"-ping often ws://a", misused, "want seconds, such as 0.5, 30 or 2m"},
		{"-wait long ws://a", misused, "want seconds, such as 0.5, 30 or 2m"},
		{"-ca nowhere.pem wss://a", misused, "-ca: open nowhere.pem"},
		{"-ca flags.go wss://a", misused, "-ca: no certificate in flags.go"},
		{"-cert nowhere.pem wss://a", misused, "-cert, -key: open nowhere.pem"},
		{"-key nowhere.pem wss://a", misused, "-key without -cert"},
		{"-protocol a,,b ws://a", unconnected, "subprotocol"},
		{"http://127.0.0.1/", unconnected, "bad websocket uri"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			output, err := command(t, strings.Fields(tt.args)...).CombinedOutput()
			exits(t, err, tt.status)
			if !strings.Contains(string(output), tt.says) {
				t.Errorf("said %q, want %q", output, tt.says)
			}
		})
	}
}

// Ctrl-C says goodbye.
func TestInterrupt(t *testing.T) {
	codes := make(chan frame.StatusCode, 1)
	url := serve(t, nil, func(wb *server.Conn) {
		_, _, err := wb.RecvMessage()
		var closed *frame.CloseError
		errors.As(err, &closed)
		codes <- closed.Code
	})
	cmd := command(t, url)
	input, stop := pipe(t, "", true)
	defer stop()
	cmd.Stdin = input
	notes, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(notes)
	if !lines.Scan() || lines.Text() != "connected" {
		t.Fatalf("said %q", lines.Text())
	}
	cmd.Process.Signal(os.Interrupt)
	if code := <-codes; code != frame.StatusGoingAway {
		t.Errorf("told %v", code)
	}
	exits(t, cmd.Wait(), ended) // and not lost, as when the server has not answered in time
}
