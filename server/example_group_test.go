package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// join connects a client to s.
func join(s *httptest.Server, path string) *client.Conn {
	wb, _, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http")+path, nil)
	check(err)
	return wb
}

// In a chat everyone hears everyone. A client that is too slow to follow is closed.
func ExampleGroup() {
	var chat server.Group
	s := httptest.NewServer(server.Handler(&server.Options{Group: &chat}, func(wb *server.Conn) {
		wb.SendString("welcome")
		for {
			data, typ, err := wb.RecvMessage()
			if err != nil {
				return
			}
			m, err := server.Prepare(typ, data)
			if err != nil {
				return
			}
			chat.Broadcast(m)
		}
	}))
	defer s.Close()

	alice, bob := join(s, "/"), join(s, "/")
	for _, wb := range []*client.Conn{alice, bob} {
		wb.RecvMessage() // both are in the chat now
	}
	check(alice.SendString("hello from Alice"))
	for _, wb := range []*client.Conn{alice, bob} {
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
		wb.CloseNow()
	}
	// Output:
	// hello from Alice <nil>
	// hello from Alice <nil>
}

// A message is prepared once, and the messages of one goroutine arrive in order.
func ExampleGroup_Broadcast() {
	var g server.Group
	s := httptest.NewServer(server.Handler(&server.Options{Group: &g}, func(wb *server.Conn) {
		wb.SendString("welcome")
		wb.RecvMessage()
	}))
	defer s.Close()
	wb := join(s, "/")
	defer wb.CloseNow()
	wb.RecvMessage()
	for _, tick := range []string{"one", "two", "three"} {
		m, err := server.Prepare(frame.Text, []byte(tick))
		check(err)
		g.Broadcast(m)
	}
	for range 3 {
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
	}
	// Output:
	// one <nil>
	// two <nil>
	// three <nil>
}

// A connection leaves a room and stays open.
func ExampleGroup_Remove() {
	var room server.Group
	talk(nil, func(wb *server.Conn) {
		room.Add(wb)
		room.Add(wb) // it is in the room already
		fmt.Println(room.Len())
		room.Remove(wb)
		fmt.Println(room.Len(), wb.Fatal())
	}, func(wb *client.Conn) {
		wb.RecvMessage()
	})
	// Output:
	// 1
	// 0 <nil>
}

// Rooms are groups too. A connection leaves them by itself when it ends.
func ExampleGroup_Add() {
	var rooms sync.Map // of *server.Group
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		room, _ := rooms.LoadOrStore(wb.Request().URL.Path, new(server.Group))
		room.(*server.Group).Add(wb)
		wb.SendString("welcome")
		wb.RecvMessage()
	}))
	defer s.Close()

	cats, dogs := join(s, "/cats"), join(s, "/dogs")
	for _, wb := range []*client.Conn{cats, dogs} {
		wb.RecvMessage()
	}
	room, _ := rooms.Load("/cats")
	m, err := server.Prepare(frame.Text, []byte("meow"))
	check(err)
	room.(*server.Group).Broadcast(m)
	data, _, err := cats.RecvMessage()
	fmt.Printf("%s %v\n", data, err)
	fmt.Println("cats:", room.(*server.Group).Len())
	cats.CloseNow()
	dogs.CloseNow()
	// Output:
	// meow <nil>
	// cats: 1
}

// A server shuts down: first net/http, and then the WebSocket connections, for which net/http
// does not wait.
func ExampleGroup_Shutdown() {
	var g server.Group
	srv := httptest.NewServer(server.Handler(&server.Options{Group: &g}, func(wb *server.Conn) {
		for {
			if _, _, err := wb.RecvMessage(); err != nil {
				return
			}
		}
	}))
	defer srv.Close()
	wb := join(srv, "/")

	said := make(chan error)
	go func() {
		_, _, err := wb.RecvMessage() // which answers
		said <- err
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	err := errors.Join(srv.Config.Shutdown(ctx), g.Shutdown(ctx))
	fmt.Println(<-said)
	fmt.Println(err, g.Len())
	// Output:
	// frame: closed by the peer: 1001 Going Away
	// <nil> 0
}

// Beyond MaxConns, a client is answered with 503.
func ExampleOptions_group() {
	g := server.Group{MaxConns: 1}
	s := httptest.NewServer(server.Handler(&server.Options{Group: &g}, func(wb *server.Conn) {
		wb.RecvMessage()
	}))
	defer s.Close()
	wb := join(s, "/")
	_, resp, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), nil)
	fmt.Println(err != nil, resp.StatusCode == http.StatusServiceUnavailable)
	wb.CloseNow()
	// Output: true true
}

// A feed whose messages are out of date soon skips members that do not keep up.
func ExampleSlowPolicy() {
	g := server.Group{Slow: server.SkipSlow}
	conns := make(chan *server.Conn)
	s := httptest.NewServer(server.Handler(&server.Options{Group: &g, MaxBacklog: 100 << 10}, func(wb *server.Conn) {
		conns <- wb
		wb.RecvMessage()
	}))
	defer s.Close()
	wb := join(s, "/") // which does not read
	c := <-conns
	m, err := server.Prepare(frame.Binary, make([]byte, 64<<10))
	check(err)
	for g.Stats().Skipped < 10 {
		g.Broadcast(m)
	}
	stats := g.Stats()
	fmt.Println(stats.Open, stats.ClosedSlow, c.Fatal())
	wb.CloseNow()
	// Output: 1 0 <nil>
}

// The counts of a group are for a page of metrics.
func ExampleGroup_Stats() {
	var g server.Group
	talk(&server.Options{Group: &g}, func(wb *server.Conn) {
		data, typ, err := wb.RecvMessage()
		check(err)
		check(wb.SendMessage(typ, data))
		stats := g.Stats()
		fmt.Println("open", stats.Open)
		fmt.Println("received", stats.MessagesReceived, stats.FramesReceived, stats.BytesReceived)
		fmt.Println("sent", stats.MessagesSent, stats.FramesSent, stats.BytesSent)
	}, func(wb *client.Conn) {
		check(wb.SendString("hello"))
		wb.RecvMessage()
	})
	// Output:
	// open 1
	// received 1 1 11
	// sent 1 1 7
}

// The members are listed, and one of them is closed.
func ExampleGroup_All() {
	var g server.Group
	s := httptest.NewServer(server.Handler(&server.Options{Group: &g}, func(wb *server.Conn) {
		wb.SendString("welcome")
		wb.RecvMessage()
	}))
	defer s.Close()
	for _, path := range []string{"/alice", "/mallory", "/bob"} {
		wb := join(s, path)
		defer wb.CloseNow()
		wb.RecvMessage()
	}
	for wb := range g.All() {
		if wb.Request().URL.Path == "/mallory" {
			g.Remove(wb)
			wb.CloseNow()
		}
	}
	fmt.Println(g.Len())
	// Output: 2
}
