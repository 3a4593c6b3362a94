package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"resty.websocket/client"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

// echo is a server that sends each message back.
func echo(opts *server.Options) http.Handler {
	return server.Handler(opts, func(wb *server.Conn) {
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
}

// urlOf returns the WebSocket URL of a server of package httptest.
func urlOf(s *httptest.Server) string { return "ws" + strings.TrimPrefix(s.URL, "http") }

func ExampleConnect() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	wb, _, err := client.Connect(ctx, urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := wb.SendString("hello"); err != nil {
		log.Fatal(err)
	}
	data, typ, err := wb.RecvMessage()
	fmt.Printf("%v %s, error: %v\n", typ, data, err)
	fmt.Println("closed, error:", wb.Close())
	// Output:
	// text hello, error: <nil>
	// closed, error: <nil>
}

func ExampleConnect_refused() {
	s := httptest.NewServer(http.NotFoundHandler())
	defer s.Close()

	_, resp, err := client.Connect(context.Background(), urlOf(s), nil)
	var refusal *handshake.Error
	if errors.As(err, &refusal) {
		fmt.Println(refusal.Status, refusal.Reason)
	}
	fmt.Println(resp.Header.Get("Content-Type"))
	// Output:
	// 404 unexpected response status: 404 Not Found
	// text/plain; charset=utf-8
}

func ExampleOptions_subprotocols() {
	s := httptest.NewServer(echo(&server.Options{Protocols: []string{"chat.v2", "chat.v1"}}))
	defer s.Close()

	wb, resp, err := client.Connect(context.Background(), urlOf(s), &client.Options{Protocols: []string{"chat.v1", "chat.v3"}})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	fmt.Println(wb.Protocol())
	fmt.Println(resp.Status)
	// Output:
	// chat.v1
	// 101 Switching Protocols
}

func ExampleOptions_tls() {
	s := httptest.NewTLSServer(echo(nil))
	defer s.Close()
	roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs

	wb, _, err := client.Connect(context.Background(), urlOf(s), &client.Options{TLSConfig: &tls.Config{RootCAs: roots}})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	state := wb.NetConn().(*tls.Conn).ConnectionState()
	fmt.Println(tls.VersionName(state.Version), state.NegotiatedProtocol)

	_, _, err = client.Connect(context.Background(), urlOf(s), nil) // with the system's roots
	fmt.Println(strings.Contains(err.Error(), "unknown authority"))
	// Output:
	// TLS 1.3 http/1.1
	// true
}

func ExampleConnect_unix() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "a.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		log.Fatal(err)
	}
	s := &http.Server{Handler: echo(nil)}
	defer s.Close()
	go s.Serve(l)

	wb, _, err := client.Connect(context.Background(), "ws+unix:"+path+":/chat?room=1", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	if err := wb.SendString("hello"); err != nil {
		log.Fatal(err)
	}
	data, _, err := wb.RecvMessage()
	fmt.Printf("%s %v\n", data, err)
	// Output: hello <nil>
}

// A handler is tested without a port. In a bubble of testing/synctest the same takes no
// time, whatever the Timeout.
func ExampleDialHandler() {
	h := server.Handler(nil, func(wb *server.Conn) {
		if err := wb.SendString("welcome to " + wb.Request().URL.Path); err != nil {
			log.Print(err)
		}
	})
	wb, _, err := client.Connect(context.Background(), "ws://server.example/chat", &client.Options{
		Dial: client.DialHandler(h),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	data, typ, err := wb.RecvMessage()
	fmt.Printf("%v %s, error: %v\n", typ, data, err)
	// Output: text welcome to /chat, error: <nil>
}

// A proxy that speaks with one upstream takes a connection for each request and
// gives it back.
func ExamplePool() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	pool := &client.Pool{MaxIdle: 10, MaxOpen: 100, MaxWaiting: 1000, IdleTimeout: time.Minute}

	reused := 0
	ask := func(question string) (answer string, err error) {
		wb, _, err := pool.Get(context.Background(), urlOf(s), nil)
		if err != nil {
			return "", err // client.ErrTooManyWaiting, for instance
		}
		defer pool.Put(wb) // closes it if it cannot be used again
		reused = wb.ReusedTimes()
		if err := wb.SendString(question); err != nil {
			return "", err
		}
		data, _, err := wb.RecvMessage()
		return string(data), err
	}
	for _, question := range []string{"one", "two", "three"} {
		fmt.Println(ask(question))
	}
	fmt.Println("reused times:", reused)
	pool.Close()
	_, err := ask("four")
	fmt.Println(err == client.ErrPoolClosed)
	// Output:
	// one <nil>
	// two <nil>
	// three <nil>
	// reused times: 2
	// true
}

// A request that fails on a connection that was used before is made once more: the
// server may have closed the connection while it was idle. Only a request that may
// be made twice can be repeated like this.
func ExampleConn_ReusedTimes() {
	var conns atomic.Int32
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		conns.Add(1)
		data, typ, err := wb.RecvMessage()
		if err != nil || wb.SendMessage(typ, data) != nil {
			return
		}
		wb.RecvMessage() // the second request is not answered
		wb.CloseNow()
	}))
	defer s.Close()
	pool := new(client.Pool)
	defer pool.Close()

	try := func(question string) (answer string, reused bool, err error) {
		wb, _, err := pool.Get(context.Background(), urlOf(s), nil)
		if err != nil {
			return "", false, err
		}
		defer pool.Put(wb)
		reused = wb.ReusedTimes() > 0
		if err := wb.SendString(question); err != nil {
			return "", reused, err
		}
		data, _, err := wb.RecvMessage()
		return string(data), reused, err
	}
	ask := func(question string) (answer string, err error) {
		for {
			answer, reused, err := try(question)
			if err == nil || !reused {
				return answer, err
			}
		}
	}
	fmt.Println(ask("one"))
	fmt.Println(ask("two"))
	fmt.Println(conns.Load(), "connections")
	// Output:
	// one <nil>
	// two <nil>
	// 2 connections
}

// The caller connects again when a connection was lost, since only the caller knows
// which messages must be sent again. Clients should wait longer after each try, and
// for a random part of that time, so that they do not overload a server that has
// just come up (RFC 6455, Section 7.2.3).
func Example_reconnecting() {
	var tries atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries.Add(1) < 3 {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		echo(nil).ServeHTTP(w, r)
	}))
	defer s.Close()

	connect := func(ctx context.Context, url string) (*client.Conn, error) {
		for wait := time.Millisecond; ; wait = min(2*wait, time.Minute) {
			wb, _, err := client.Connect(ctx, url, nil)
			if err == nil {
				return wb, nil
			}
			select {
			case <-time.After(wait/2 + rand.N(wait)):
			case <-ctx.Done():
				return nil, err
			}
		}
	}
	wb, err := connect(context.Background(), urlOf(s))
	fmt.Println(wb != nil, err, tries.Load())
	wb.Close()
	// Output: true <nil> 3
}

// Compression without context takeover needs no memory between two messages.
func ExampleOptions_deflate() {
	s := httptest.NewServer(echo(&server.Options{Deflate: &handshake.Deflate{}}))
	defer s.Close()

	wb, resp, err := client.Connect(context.Background(), urlOf(s), &client.Options{
		Deflate: &handshake.Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	fmt.Println(resp.Header.Get("Sec-WebSocket-Extensions"))
	if err := wb.SendString(strings.Repeat("all work and no play ", 1000)); err != nil {
		log.Fatal(err)
	}
	data, typ, err := wb.RecvMessage()
	fmt.Printf("%v of %d bytes, error: %v\n", typ, len(data), err)
	// Output:
	// permessage-deflate; server_no_context_takeover; client_no_context_takeover
	// text of 21000 bytes, error: <nil>
}
