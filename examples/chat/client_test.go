package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// A visitor is a client in a room.
type visitor struct {
	t  testing.TB
	wb *client.Conn
}

// enter enters a room, and waits until the node says who is there.
func enter(t testing.TB, n *node, room, name string) *visitor {
	t.Helper()
	query := url.Values{"room": {room}, "name": {name}}
	wb, _, err := client.Connect(t.Context(), "ws://"+n.listener.Addr().String()+"/ws?"+query.Encode(),
		&client.Options{Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	return &visitor{t, wb}
}

// next returns the next event.
func (v *visitor) next() (e event, err error) {
	data, _, err := v.wb.RecvMessage()
	if err == nil {
		err = json.Unmarshal(data, &e)
	}
	return e, err
}

// await returns the next event of the type, and drops others.
func (v *visitor) await(typ string) event {
	v.t.Helper()
	for {
		e, err := v.next()
		if err != nil {
			v.t.Fatalf("%v, want an event %q", err, typ)
		}
		if e.Type == typ {
			return e
		}
	}
}

// hears expects that text is the next that is said.
func (v *visitor) hears(text string) {
	v.t.Helper()
	if e := v.await("said"); e.Text != text {
		v.t.Fatalf("%q was said, want %q", e.Text, text)
	}
}

func (v *visitor) say(text string) {
	v.t.Helper()
	if err := v.wb.SendString(text); err != nil {
		v.t.Fatal(err)
	}
}

// ends expects that the connection ends with the status.
func (v *visitor) ends(code frame.StatusCode) {
	v.t.Helper()
	for {
		if _, err := v.next(); err != nil {
			if frame.CloseCode(err) != code {
				v.t.Fatalf("%v, want %d", err, code)
			}
			return
		}
	}
}

// begin starts a node, with what differs from the flags' defaults in args.
func begin(t testing.TB, args ...string) *node {
	t.Helper()
	c, err := parseFlags(append([]string{"-addr", "127.0.0.1:0"}, args...))
	if err != nil {
		t.Fatal(err)
	}
	n, err := start(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.kill)
	return n
}

// kill ends a node without a word to anyone.
func (n *node) kill() {
	if n.conn.IsClosed() {
		return
	}
	n.conn.Close()
	n.bus.close()
	n.leave()
	n.http.Close()
	for c := range n.clients.All() {
		c.CloseNow()
	}
}

// healthy waits until the node takes messages and hears so many nodes.
func (n *node) healthy(t testing.TB, nodes int) {
	t.Helper()
	await(t, "healthy node", func() bool {
		heard, _ := n.bus.counts()
		status, _ := n.get(t, "/healthz")
		return heard == nodes && status == http.StatusOK
	})
}

// get asks the node for a page.
func (n *node) get(t testing.TB, path string) (status int, body string) {
	t.Helper()
	resp, err := http.Get("http://" + n.listener.Addr().String() + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// await waits until something that cannot be waited for otherwise has come true.
func await(t testing.TB, what string, so func() bool) {
	t.Helper()
	late := time.After(30 * time.Second)
	for !so() {
		select {
		case <-late:
			t.Fatalf("no %s in 30 s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
