package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"
)

// pieceLen is how much is written and read at once.
const pieceLen = 32 << 10

// A result is what a message came to.
type result struct {
	Seconds float64
	Grown   int     // resident bytes
	Allocs  float64 // of each piece
}

// measure sends a message of n bytes.
func measure(lib library, c compression, down bool, n int, profile string) (result, error) {
	sender, receiver, err := connect(lib, c)
	if err != nil {
		return result{}, err
	}
	if !down {
		sender, receiver = receiver, sender
	}
	text := records(1 << 20) // not more, since as much garbage may gather

	if err := transfer(sender, receiver, text, pieceLen); err != nil { // so that all is in place
		return result{}, err
	}
	debug.FreeOSMemory()
	before, err := resident("VmRSS")
	if err != nil {
		return result{}, err
	}
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // VmHWM is the present from now on
		return result{}, err
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return result{}, err
		}
		defer f.Close()
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	var m [2]runtime.MemStats
	runtime.ReadMemStats(&m[0])
	start := time.Now()
	err = transfer(sender, receiver, text, n)
	took := time.Since(start)
	runtime.ReadMemStats(&m[1])
	if err != nil {
		return result{}, err
	}
	peak, err := resident("VmHWM")
	return result{took.Seconds(), peak - before, float64(m[1].Mallocs-m[0].Mallocs) / float64(n/pieceLen)}, err
}

// connect returns the server's and the client's end of a connection.
func connect(lib library, c compression) (server, client end, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	accepted := make(chan end, 1)
	go http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := lib.accept(w, r, c)
		if err != nil {
			fmt.Fprintln(os.Stderr, "stream:", err)
			return
		}
		accepted <- e
		select {} // coder closes a connection whose handler returns
	}))
	if client, err = lib.dial("ws://"+ln.Addr().String(), c); err != nil {
		return nil, nil, err
	}
	return <-accepted, client, nil
}

// transfer sends a message of n bytes, taken from text over and over, and receives it.
func transfer(from, to end, text []byte, n int) error {
	sent := make(chan error, 1)
	go func() { sent <- send(from, text, n) }()
	received, err := receive(to)
	if err != nil {
		return err
	}
	if received != n {
		return fmt.Errorf("received %d bytes of %d", received, n)
	}
	return <-sent
}

func send(e end, text []byte, n int) error {
	w, err := e.writer()
	if err != nil {
		return err
	}
	for at := 0; at < n; at += pieceLen {
		i := at % len(text)
		if _, err := w.Write(text[i : i+pieceLen]); err != nil {
			return err
		}
	}
	return w.Close()
}

func receive(e end) (n int, err error) {
	r, err := e.reader()
	if err != nil {
		return 0, err
	}
	buf := make([]byte, pieceLen)
	for {
		m, err := r.Read(buf)
		n += m
		if err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

// records returns n bytes of JSON.
func records(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, `{"id":%d,"name":"user-%x","email":"u%d@example.com","active":%v,"score":%.3f},`,
			r.IntN(1e6), r.Uint32(), r.IntN(10000), r.IntN(2) == 0, r.Float64()*100)
	}
	return b.Bytes()[:n]
}

// resident returns a field of /proc/self/status, in bytes.
func resident(field string) (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(status) {
		var kib int
		if _, err := fmt.Sscanf(string(line), field+": %d kB", &kib); err == nil {
			return kib << 10, nil
		}
	}
	return 0, fmt.Errorf("no %s in /proc/self/status", field)
}
