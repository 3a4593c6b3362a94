package server

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// A hall is a server whose connections are in memory, and whose function receives until the
// end.
type hall struct {
	t     *testing.T
	dial  *client.Options
	conns chan *Conn // from the function
	all   sync.WaitGroup
}

func newHall(t *testing.T, opts *Options) *hall {
	h := &hall{t: t, conns: make(chan *Conn, 1)}
	h.dial = &client.Options{Dial: client.DialHandler(Handler(opts, func(c *Conn) {
		h.conns <- c
		receiveAll(c)
	}))}
	return h
}

// newWideHall is newHall for a caller of New, which does not receive and does not close.
func newWideHall(t *testing.T, opts *Options) *hall {
	h := &hall{t: t, conns: make(chan *Conn, 1)}
	h.dial = &client.Options{Dial: client.DialHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := New(w, r, opts); err == nil {
			h.conns <- c
		}
	}))}
	return h
}

func receiveAll(c *Conn) {
	for err := error(nil); err == nil; {
		_, _, err = c.RecvMessage()
	}
}

// connect returns both ends of a connection.
func (h *hall) connect() (*Conn, *client.Conn) {
	h.t.Helper()
	wb, _, err := client.Connect(context.Background(), "ws://hall/", h.dial)
	if err != nil {
		h.t.Fatal(err)
	}
	return <-h.conns, wb
}

// follow connects a client that receives until the end and hands its messages to got, which
// may be nil. The last one is "", with the error.
func (h *hall) follow(got func(message string, err error)) *Conn {
	h.t.Helper()
	c, wb := h.connect()
	h.all.Go(func() {
		defer wb.Close()
		for {
			data, _, err := wb.RecvMessage()
			if got != nil {
				got(string(data), err)
			}
			if err != nil {
				return
			}
		}
	})
	return c
}

// message returns a text for Broadcast.
func prepared(t testing.TB, text string) *Prepared {
	t.Helper()
	m, err := Prepare(frame.Text, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wantPlaces checks how many members g has, and how many places are taken in it.
func wantPlaces(t *testing.T, g *Group, members, places int) {
	t.Helper()
	synctest.Wait()
	g.mu.Lock()
	taken := g.places
	g.mu.Unlock()
	if n := g.Len(); n != members || taken != places || g.Stats().Open != places {
		t.Errorf("%d members, %d open, %d places taken, want %d members and %d places", n, g.Stats().Open, taken, members, places)
	}
}
