package client_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
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

// A file of any length is sent as one message. Fragments of it leave as they are read.
func ExampleConn_NextWriter() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	file := strings.NewReader(strings.Repeat("a line\n", 5_000))

	w, err := wb.NextWriter(frame.Text)
	if err != nil {
		log.Fatal(err)
	}
	n, err := io.Copy(w, file)
	if err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	data, _, err := wb.RecvMessage()
	fmt.Println(n, "bytes sent,", len(data), "received,", err)
	// Output: 35000 bytes sent, 35000 received, <nil>
}

// The beginning of a message is enough for some readers. The next call drops the rest.
func ExampleConn_NextReader() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	wb.SendString(`{"type":"news"}` + strings.Repeat(" and more", 1000))
	wb.SendString(`{"type":"weather"}`)

	for range 2 {
		_, r, err := wb.NextReader()
		if err != nil {
			log.Fatal(err)
		}
		var event struct{ Type string }
		err = json.NewDecoder(r).Decode(&event)
		fmt.Println(event.Type, err)
	}
	// Output:
	// news <nil>
	// weather <nil>
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

// RecvFrame returns the frames of a message as they come, and control frames between
// them.
func ExampleConn_RecvFrame() {
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		err := wb.SendFrame(false, frame.Text, []byte("Hel"))
		if err == nil {
			err = wb.SendPing(nil)
		}
		if err == nil {
			err = wb.SendContinue([]byte("lo"))
		}
		if err != nil {
			log.Print(err)
		}
	}))
	defer s.Close()

	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	for wb.Fatal() == nil {
		data, typ, err := wb.RecvFrame()
		fmt.Printf("%v %q, again: %t\n", typ, data, err == client.ErrAgain)
	}
	fmt.Println(wb.Fatal())
	// Output:
	// text "Hel", again: true
	// ping "", again: false
	// continuation "lo", again: false
	// close "", again: false
	// frame: closed by the peer: 1000 Normal Closure
}

// Messages are collected in one buffer.
func ExampleConn_AppendMessage() {
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		for _, word := range []string{"one ", "message ", "after another"} {
			if err := wb.SendString(word); err != nil {
				log.Print(err)
				return
			}
		}
	}))
	defer s.Close()

	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	var text []byte
	for err == nil {
		text, _, err = wb.AppendMessage(text)
	}
	fmt.Printf("%s\n", text)
	fmt.Println(err)
	// Output:
	// one message after another
	// frame: closed by the peer: 1000 Normal Closure
}

// A goroutine that sends ends when the connection does, without a channel of its own.
func ExampleConn_Context() {
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
		if err := wb.SendClose(frame.StatusPolicyViolation, "no ticks"); err != nil {
			log.Print(err)
		}
	}))
	defer s.Close()

	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	var work sync.WaitGroup
	work.Go(func() {
		ticker := time.NewTicker(time.Millisecond)
		for ctx := wb.Context(); ; {
			if err := wb.SendString("tick"); err != nil {
				return
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	})
	_, _, err = wb.RecvMessage() // notices that the connection ends
	work.Wait()
	fmt.Println(err == context.Cause(wb.Context()))
	fmt.Println(err)
	// Output:
	// tick <nil>
	// true
	// frame: closed by the peer: 1008 Policy Violation: "no ticks"
}

// An answer is waited for as long as its request is of interest. The connection goes
// on.
func ExampleConn_SetRecvContext() {
	release := make(chan bool)
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		<-release
		if err := wb.SendString("an answer"); err != nil {
			log.Print(err)
		}
	}))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()

	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(time.Millisecond, cancel)
	wb.SetRecvContext(ctx)
	_, _, err = wb.RecvMessage()
	wb.SetRecvContext(context.Background())
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded), ctx.Err())

	close(release)
	data, _, err := wb.RecvMessage()
	fmt.Printf("%s %v\n", data, err)
	// Output:
	// true context canceled
	// an answer <nil>
}

// The end of a context ends the connection, and with it the receive.
func ExampleConn_CloseNow() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { wb.CloseNow() })
	_, _, err = wb.RecvMessage()
	stop()
	fmt.Println(errors.Is(err, net.ErrClosed), wb.Fatal())
	// Output: true use of closed network connection
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

// A message may be longer than a frame of the server's or the client's may be.
func ExampleConn_SendMessage() {
	s := httptest.NewServer(server.Handler(&server.Options{MaxRecvLen: 8}, func(wb *server.Conn) {
		data, typ, err := wb.RecvMessage()
		fmt.Printf("%v %q, %v\n", typ, data, err)
	}))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), &client.Options{MaxSendLen: 8})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.CloseNow()
	if err := wb.SendMessage(frame.Text, []byte("a whole message")); err != nil {
		log.Fatal(err)
	}
	_, _, err = wb.RecvMessage()
	fmt.Println(err)
	// Output:
	// text "a whole message", <nil>
	// frame: closed by the peer: 1000 Normal Closure
}

// The same message for several servers is compressed once.
func ExampleConn_SendPrepared() {
	s := httptest.NewServer(echo(&server.Options{Deflate: &handshake.Deflate{}}))
	defer s.Close()
	m, err := client.Prepare(frame.Text, []byte(strings.Repeat("news ", 1000)))
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		wb, _, err := client.Connect(context.Background(), urlOf(s), &client.Options{Deflate: &handshake.Deflate{}})
		if err != nil {
			log.Fatal(err)
		}
		if err := wb.SendPrepared(m); err != nil {
			log.Fatal(err)
		}
		data, typ, err := wb.RecvMessage()
		fmt.Println(typ, len(data), err)
		wb.Close()
	}
	// Output:
	// text 5000 <nil>
	// text 5000 <nil>
}

// Offer is for a goroutine that must not wait for the server, such as one that reads a
// sensor. A value that the server is too slow for is left out.
func ExampleConn_Offer() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), &client.Options{MaxBacklog: 64 << 10})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	for i := range 3 {
		m, err := client.Prepare(frame.Text, fmt.Appendf(nil, "%d °C", 20+i))
		if err != nil {
			log.Fatal(err)
		}
		switch err := wb.Offer(m); {
		case errors.Is(err, client.ErrBacklogFull):
			continue
		case err != nil:
			log.Fatal(err)
		}
		data, _, _ := wb.RecvMessage()
		fmt.Printf("%s\n", data)
	}
	// Output:
	// 20 °C
	// 21 °C
	// 22 °C
}

// A countingConn counts its writes.
type countingConn struct {
	net.Conn
	writes atomic.Int32
}

func (c *countingConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// With NoDelay each frame is written by the call that sends it. Without, frames that are
// sent close together share a write.
func ExampleOptions_noDelay() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	var nc *countingConn
	wb, _, err := client.Connect(context.Background(), urlOf(s), &client.Options{
		NoDelay: true,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			dialed, err := new(net.Dialer).DialContext(ctx, network, addr)
			nc = &countingConn{Conn: dialed}
			return nc, err
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	before := nc.writes.Load()
	for range 10 {
		if err := wb.SendString("now"); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(nc.writes.Load()-before, "writes")
	// Output: 10 writes
}

// The addresses of the connection underneath.
func ExampleConn_RemoteAddr() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	fmt.Println(wb.RemoteAddr().String() == s.Listener.Addr().String(), wb.LocalAddr().Network())
	// Output: true tcp
}

// A stream is a net.Conn, and so has deadlines. One that passes ends a Read and nothing
// else.
func ExampleConn_Stream() {
	echo := server.Handler(nil, func(wb *server.Conn) {
		stream := wb.Stream(frame.Binary)
		io.Copy(stream, stream)
	})
	wb, _, err := client.Connect(context.Background(), "ws://test/", &client.Options{Dial: client.DialHandler(echo)})
	if err != nil {
		fmt.Println(err)
		return
	}
	stream := wb.Stream(frame.Binary)
	defer stream.Close()
	stream.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err = stream.Read(make([]byte, 1))
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))

	stream.SetReadDeadline(time.Time{})
	io.WriteString(stream, "hello")
	data := make([]byte, 5)
	_, err = io.ReadFull(stream, data)
	fmt.Printf("%s %v\n", data, err)
	// Output:
	// true
	// hello <nil>
}
