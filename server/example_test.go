package server_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

// talk has a client talk to a server until both are done.
func talk(opts *server.Options, serve func(wb *server.Conn), talk func(wb *client.Conn)) {
	done := make(chan bool)
	talkTo(server.Handler(opts, func(wb *server.Conn) {
		defer close(done)
		serve(wb)
	}), talk)
	<-done
}

// talkTo has a client talk to a server.
func talkTo(h http.Handler, talk func(wb *client.Conn)) {
	s := httptest.NewServer(h)
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	talk(wb)
	wb.Close()
}

// check prints an error of a side that is not the one to be shown.
func check(err error) {
	if err != nil {
		fmt.Println(err)
	}
}

// An echo server.
func ExampleHandler() {
	h := server.Handler(nil, func(wb *server.Conn) {
		for {
			data, typ, err := wb.RecvMessage()
			if err != nil {
				return
			}
			if err := wb.SendMessage(typ, data); err != nil {
				return
			}
		}
	})
	talkTo(h, func(wb *client.Conn) {
		check(wb.SendString("hello"))
		data, typ, err := wb.RecvMessage()
		fmt.Printf("%v %s %v\n", typ, data, err)
	})
	// Output: text hello <nil>
}

// In a room everyone hears everyone: any goroutine may send on any connection. Timeout
// bounds how long a client that does not read can hold up the others.
func Example_broadcast() {
	var room sync.Map // of *server.Conn
	s := httptest.NewServer(server.Handler(&server.Options{Timeout: 5 * time.Second}, func(wb *server.Conn) {
		room.Store(wb, true)
		defer room.Delete(wb)
		if err := wb.SendString("welcome"); err != nil {
			return
		}
		for wb.Fatal() == nil {
			data, typ, err := wb.RecvMessage()
			if err != nil {
				continue // nothing came in time, or Fatal is not nil
			}
			for other := range room.Range {
				if err := other.(*server.Conn).SendMessage(typ, data); err != nil {
					other.(*server.Conn).CloseNow() // it leaves the room then
				}
			}
		}
	}))
	defer s.Close()

	var clients []*client.Conn
	for range 3 {
		wb, _, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer wb.Close()
		_, _, err = wb.RecvMessage() // the welcome
		check(err)
		clients = append(clients, wb)
	}
	check(clients[0].SendString("hello"))
	for _, wb := range clients {
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
	}
	// Output:
	// hello <nil>
	// hello <nil>
	// hello <nil>
}

// A handler of the caller's does the handshake, and goes on for as long as the
// connection.
func ExampleNew() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wb, err := server.New(w, r, &server.Options{Timeout: 5 * time.Second, MaxPayloadLen: 1 << 20})
		if err != nil {
			return // the client has been told
		}
		defer wb.Close()
		if err := wb.SendString("welcome"); err != nil {
			log.Print(err)
		}
	})
	talkTo(h, func(wb *client.Conn) {
		data, typ, err := wb.RecvMessage()
		fmt.Printf("%v %s %v\n", typ, data, err)
		_, _, err = wb.RecvMessage()
		fmt.Println(err)
	})
	// Output:
	// text welcome <nil>
	// frame: closed by the peer: 1000 Normal Closure
}

// A request that asks for something else is refused.
func ExampleNew_refused() {
	w := httptest.NewRecorder()
	_, err := server.New(w, httptest.NewRequest("GET", "/", nil), nil)
	var refusal *handshake.Error
	fmt.Println(errors.As(err, &refusal), refusal.Status)
	fmt.Println(err)
	// Output:
	// true 400
	// handshake: not a WebSocket handshake: bad "upgrade" request header: nil (RFC 6455, Section 4.2.1)
}

// A program with very many connections keeps of the request only what it needs.
func ExampleConn_ForgetRequest() {
	h := server.Handler(nil, func(wb *server.Conn) {
		path := wb.Request().URL.Path
		wb.ForgetRequest()
		if err := wb.SendString(fmt.Sprint(path, " ", wb.Request())); err != nil {
			log.Print(err)
		}
	})
	talkTo(h, func(wb *client.Conn) {
		data, _, _ := wb.RecvMessage()
		fmt.Printf("%s\n", data)
	})
	// Output: / <nil>
}

// The work for a client stops when the client is gone.
func ExampleConn_Context() {
	talk(nil, func(wb *server.Conn) {
		var work sync.WaitGroup
		work.Go(func() {
			ctx := wb.Context()
			<-ctx.Done() // a query by QueryContext would end here
			fmt.Println(ctx.Err())
			fmt.Println(context.Cause(ctx))
		})
		wb.RecvMessage()
		work.Wait()
	}, func(wb *client.Conn) {
		check(wb.SendClose(frame.StatusGoingAway, ""))
	})
	// Output:
	// context canceled
	// frame: closed by the peer: 1001 Going Away
}

// The end of a context ends the connection, and with it the receive.
func ExampleConn_CloseNow() {
	talk(nil, func(wb *server.Conn) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		stop := context.AfterFunc(ctx, func() { wb.CloseNow() })
		_, _, err := wb.RecvMessage()
		stop()
		fmt.Println(errors.Is(err, net.ErrClosed), wb.Fatal())
	}, func(wb *client.Conn) {
		wb.RecvMessage()
	})
	// Output: true use of closed network connection
}

// A timeout ends nothing: here it is the time to ask whether the client is
// still there.
func ExampleConn_SetTimeout() {
	talk(nil, func(wb *server.Conn) {
		wb.SetTimeout(time.Millisecond)
		_, _, err := wb.RecvFrame()
		fmt.Println(errors.Is(err, os.ErrDeadlineExceeded), wb.Fatal())
		wb.SetTimeout(5 * time.Second)
		if err := wb.SendPing([]byte("still there?")); err != nil {
			fmt.Println(err)
			return
		}
		data, typ, err := wb.RecvFrame()
		fmt.Printf("%v %q, %v\n", typ, data, err)
	}, func(wb *client.Conn) {
		wb.RecvMessage() // answers pings, and the Close frame in the end
	})
	// Output:
	// true <nil>
	// pong "still there?", <nil>
}

// The subprotocol that both sides like best, and what the request said.
func ExampleOptions() {
	opts := &server.Options{
		Protocols: []string{"chat.v2", "chat.v1"},
		Origins:   []string{"https://chat.example"},
		Timeout:   time.Minute,
	}
	done := make(chan bool)
	s := httptest.NewServer(server.Handler(opts, func(wb *server.Conn) {
		fmt.Println(wb.Protocol(), wb.Request().URL.Query().Get("room"))
		close(done)
	}))
	defer s.Close()
	url := "ws" + strings.TrimPrefix(s.URL, "http") + "/?room=7"
	wb, _, err := client.Connect(context.Background(), url, &client.Options{
		Protocols: []string{"chat.v1", "chat.v2"},
		Origin:    "https://chat.example",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	<-done
	wb.Close()
	_, _, err = client.Connect(context.Background(), url, &client.Options{Origin: "https://evil.example"})
	fmt.Println(err)
	// Output:
	// chat.v2 7
	// handshake: unexpected response status: 403 Forbidden (RFC 6455, Section 4.1)
}

// Compression without context takeover: no memory between two messages.
func ExampleOptions_deflate() {
	s := httptest.NewServer(server.Handler(&server.Options{
		Deflate: &handshake.Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	}, func(wb *server.Conn) {
		data, _, err := wb.RecvMessage()
		fmt.Printf("%d bytes, error: %v\n", len(data), err)
	}))
	defer s.Close()

	wb, resp, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), &client.Options{
		Deflate: &handshake.Deflate{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Header.Get("Sec-WebSocket-Extensions"))
	check(wb.SendString(strings.Repeat("all work and no play ", 1000)))
	wb.Close()
	// Output:
	// permessage-deflate; server_no_context_takeover; client_no_context_takeover
	// 21000 bytes, error: <nil>
}

// The address of the client, as the connection has it: behind a proxy it is the proxy's.
func ExampleConn_RemoteAddr() {
	talk(nil, func(wb *server.Conn) {
		host, _, err := net.SplitHostPort(wb.RemoteAddr().String())
		fmt.Println(host, err, wb.LocalAddr().Network())
	}, func(wb *client.Conn) {})
	// Output: 127.0.0.1 <nil> tcp
}
