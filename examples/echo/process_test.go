package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"testing"
	"time"

	"resty.websocket/frame"
)

// free is an address at which the system picks a free port.
const free = "127.0.0.1:0"

// TestMain is the example itself where the environment says so: the tests run
// it as a process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("ECHO_MAIN") == "1" {
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
	cmd.Env = append(os.Environ(), "ECHO_MAIN=1",
		"GORACE=atexit_sleep_ms=0") // the race detector would sleep a second at the end
	cmd.Stderr = t.Output()
	return cmd
}

// start starts the example and returns the URL that it prints.
func start(t *testing.T, cmd *exec.Cmd) (page string) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if _, err := fmt.Fscanf(stdout, "Open %s", &page); err != nil {
		t.Fatal(err)
	}
	return page
}

// eachWay runs test with the flags of each way to serve.
func eachWay(t *testing.T, test func(t *testing.T, flags ...string)) {
	t.Run("handler", func(t *testing.T) { test(t, "-addr", free) })
	t.Run("sessions", func(t *testing.T) { test(t, "-addr", free, "-sessions") })
}

// interrupt presses Ctrl-C and expects an exit with status 0 within two
// seconds.
func interrupt(t *testing.T, cmd *exec.Cmd, meanwhile func()) {
	t.Helper()
	began := time.Now()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	meanwhile()
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	// Two seconds are promised; a busy machine gets some more.
	if took := time.Since(began); took > 6*time.Second {
		t.Errorf("took %v to end", took)
	}
}

// A socket is the client's end of a WebSocket.
type socket struct {
	t *testing.T
	r *frame.Reader
	w *frame.Writer
}

// dial opens a WebSocket at path beside the page.
func dial(t *testing.T, page, path string) socket {
	t.Helper()
	u, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, u.Host)
	buffered := bufio.NewReader(conn)
	resp, err := http.ReadResponse(buffered, nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("GET %s: %s", path, resp.Status)
	}
	return socket{t, frame.NewReader(buffered, frame.Client, -1), frame.NewWriter(conn, frame.Client, -1)}
}

func (s socket) send(fin bool, op frame.Opcode, payload []byte) {
	s.t.Helper()
	if _, err := s.w.WriteFrame(fin, op, payload); err != nil {
		s.t.Fatal(err)
	}
}

// expect reads a frame and compares it.
func (s socket) expect(fin bool, op frame.Opcode, payload []byte) {
	s.t.Helper()
	f, err := s.r.ReadFrame()
	switch {
	case err != nil:
		s.t.Fatalf("%v, want %v %q", err, op, payload)
	case f.Fin != fin || f.Opcode != op || !bytes.Equal(f.Payload, payload):
		s.t.Fatalf("FIN %t %v %q, want FIN %t %v %q", f.Fin, f.Opcode, f.Payload, fin, op, payload)
	}
}

// ended expects that the server closes the TCP connection.
func (s socket) ended() {
	s.t.Helper()
	if f, err := s.r.ReadFrame(); err != io.EOF {
		s.t.Fatalf("%v %q, %v, want EOF", f.Opcode, f.Payload, err)
	}
}
