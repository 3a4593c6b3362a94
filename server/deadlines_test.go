package server

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
)

// A pipeListener accepts the connections that are sent to it, in memory.
type pipeListener chan net.Conn

func (l pipeListener) Accept() (net.Conn, error) {
	if nc, ok := <-l; ok {
		return nc, nil
	}
	return nil, net.ErrClosed
}

func (l pipeListener) Close() error { close(l); return nil }
func (pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// TestServerDeadlines talks on for long after all the times are over that an
// http.Server has for a request: they are not for what becomes of it.
func TestServerDeadlines(t *testing.T) {
	for _, w := range ways[:3] {
		t.Run(w.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { talkForLong(t, w) })
		})
	}
}

func talkForLong(t *testing.T, by way) {
	listener := make(pipeListener)
	srv := &http.Server{
		Handler:           by.serve(nil, echoing),
		ReadTimeout:       time.Second,
		ReadHeaderTimeout: time.Second,
		WriteTimeout:      time.Second,
		IdleTimeout:       time.Second,
	}
	go srv.Serve(listener)
	defer srv.Close()
	ours, theirs := wiretest.Pipe()
	listener <- theirs

	var client handshake.Client
	if _, err := client.Upgrade(ours, &url.URL{Scheme: "ws", Host: "a", Path: "/"}); err != nil {
		t.Fatal(err)
	}
	w := frame.NewWriter(ours, frame.Client, 0)
	r := frame.NewReader(ours, frame.Client, 0)
	for _, wait := range []time.Duration{0, 2 * time.Second, time.Hour} {
		<-time.After(wait)
		if _, err := w.WriteFrame(true, frame.Text, []byte("still")); err != nil {
			t.Fatalf("after %v: %v", wait, err)
		}
		if f, err := r.ReadFrame(); err != nil || string(f.Payload) != "still" {
			t.Fatalf("after %v: %q, %v", wait, f.Payload, err)
		}
	}
	w.WriteFrame(true, frame.Close, nil)
	if f, err := r.ReadFrame(); err != nil || f.Opcode != frame.Close {
		t.Errorf("answered a Close with %v, %v", f.Opcode, err)
	}
	if _, err := io.Copy(io.Discard, ours); err != nil {
		t.Error(err)
	}
}

// echo sends back what it receives.
func echo(c *Conn) {
	for {
		data, typ, err := c.RecvMessage()
		if err != nil {
			return
		}
		c.SendMessage(typ, data)
	}
}
