package soak

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// patience is how long the server waits for a message, and for a send to be
// done, before it gives a connection up.
const patience = 4 * time.Second

// maxPayload is the server's limit: high enough that it would be noticed if
// what is declared were allocated.
const maxPayload = 16 << 20

// serve is the server process: an echo at /, and what it holds at /state.
func serve(opts *server.Options) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	mux := http.NewServeMux()
	mux.Handle("/", server.Handler(opts, echo))
	mux.HandleFunc("/state", tellState)
	go (&http.Server{Handler: mux, ReadHeaderTimeout: patience}).Serve(listener)
	fmt.Println(listener.Addr())
	io.Copy(io.Discard, os.Stdin)
}

func echo(c *server.Conn) {
	for {
		data, typ, err := c.RecvMessage()
		if err == nil {
			err = c.SendMessage(typ, data)
		}
		if err != nil {
			return
		}
	}
}

// A state is what the server process holds.
type state struct {
	Goroutines int
	Memory     uint64 // heap, in bytes, without garbage
	Peak       uint64 // resident so far, in bytes; 0 where there is no /proc
}

func (s state) String() string {
	return fmt.Sprintf("%d goroutines, %d KiB, peak %d KiB", s.Goroutines, s.Memory>>10, s.Peak>>10)
}

func tellState(w http.ResponseWriter, _ *http.Request) {
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what pools hold goes with the second collection
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	json.NewEncoder(w).Encode(state{runtime.NumGoroutine(), m.HeapAlloc, peak()})
}

// peak returns the most memory that this process has had.
func peak() (bytes uint64) {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	fmt.Sscanf(rest, "%d kB", &bytes)
	return bytes << 10
}

// askState asks the server at addr.
func askState(t *testing.T, addr string) (s state) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get("http://" + addr + "/state")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

// settled asks until good holds for the state, and gives up after a while.
func settled(t *testing.T, addr string, good func(state) bool) state {
	t.Helper()
	deadline := time.After(10 * patience)
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		s := askState(t, addr)
		if good(s) {
			return s
		}
		select {
		case <-deadline:
			return s
		case <-again.C:
		}
	}
}

// TestEcho makes sure that the server is one worth harassing.
func TestEcho(t *testing.T) {
	ts := httptest.NewServer(server.Handler(nil, echo))
	defer ts.Close()
	c, err := connect(t.Context(), ts.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.nc.Close()
	if err := c.exchange(frame.Text, []byte("Hello"), 2); err != nil {
		t.Error(err)
	}
}
