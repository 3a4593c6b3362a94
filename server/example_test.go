package server_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// An upload of any length is written to its destination as it comes, and is never in
// memory as a whole.
func ExampleConn_NextReader() {
	receive := func(wb *server.Conn) {
		typ, r, err := wb.NextReader()
		if err != nil {
			return
		}
		sum := sha256.New() // or a file
		n, err := io.Copy(sum, r)
		fmt.Printf("%v, %d bytes, %x…, %v\n", typ, n, sum.Sum(nil)[:4], err)
	}
	talk(nil, receive, func(wb *client.Conn) {
		w, err := wb.NextWriter(frame.Binary)
		if err != nil {
			return
		}
		io.Copy(w, io.LimitReader(zeros{}, 10<<20))
		w.Close()
	})
	// Output: binary, 10485760 bytes, e5b844cc…, <nil>
}

// A zeros is a file of zeros without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A response is encoded into a message. Each row leaves with Flush, so that the client
// need not wait for the end.
func ExampleConn_NextWriter() {
	send := func(wb *server.Conn) {
		w, err := wb.NextWriter(frame.Text)
		if err != nil {
			return
		}
		defer w.Close() // after an error, too: others wait for it
		rows := json.NewEncoder(w)
		for i := range 3 {
			if err := rows.Encode(map[string]int{"row": i}); err != nil {
				return
			}
			w.(interface{ Flush() error }).Flush()
		}
	}
	talk(nil, send, func(wb *client.Conn) {
		_, r, _ := wb.NextReader()
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			fmt.Println(lines.Text())
		}
	})
	// Output:
	// {"row":0}
	// {"row":1}
	// {"row":2}
}

// A tunnel carries the bytes of another protocol: here JSON values, one behind the other.
func ExampleConn_Stream() {
	serve := func(wb *server.Conn) {
		stream := wb.Stream(frame.Binary)
		values := json.NewDecoder(stream)
		for {
			var v struct{ Word string }
			if err := values.Decode(&v); err != nil {
				fmt.Println(err) // io.EOF: the client has closed the stream
				return
			}
			fmt.Fprintf(stream, "%s!\n", v.Word)
		}
	}
	talk(nil, serve, func(wb *client.Conn) {
		stream := wb.Stream(frame.Binary)
		lines := bufio.NewScanner(stream)
		for _, word := range []string{"bytes", "more"} {
			if err := json.NewEncoder(stream).Encode(map[string]string{"Word": word}); err != nil {
				fmt.Println(err)
			}
			lines.Scan()
			fmt.Println(lines.Text())
		}
		stream.Close()
	})
	// Unordered output:
	// bytes!
	// more!
	// EOF
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

// The loop of a lua-resty-websocket server: frame by frame, with all answers
// left to the caller.
func ExampleConn_RecvFrame() {
	talk(nil, func(wb *server.Conn) {
		for {
			data, typ, err := wb.RecvFrame()
			if err != nil && err != server.ErrAgain {
				fmt.Printf("%v %q: %v\n", typ, data, err)
				return
			}
			fmt.Printf("%v %q, to be continued: %t\n", typ, data, err == server.ErrAgain)
			if typ == frame.Ping {
				if err := wb.SendPong(data); err != nil {
					return
				}
			}
		}
	}, func(wb *client.Conn) {
		check(wb.SendFrame(false, frame.Text, []byte("Hel")))
		check(wb.SendPing([]byte("still there?")))
		check(wb.SendContinue([]byte("lo")))
		_, _, err := wb.RecvFrame() // the pong
		check(err)
		check(wb.SendClose(frame.StatusGoingAway, "bye"))
	})
	// Output:
	// text "Hel", to be continued: true
	// ping "still there?", to be continued: false
	// continuation "lo", to be continued: false
	// close "bye": frame: closed by the peer: 1001 Going Away: "bye"
}

// Fragments and control frames are taken care of.
func ExampleConn_RecvMessage() {
	talk(nil, func(wb *server.Conn) {
		data, typ, err := wb.RecvMessage()
		fmt.Printf("%v %q, %v\n", typ, data, err)
	}, func(wb *client.Conn) {
		check(wb.SendFrame(false, frame.Text, []byte("Hel")))
		check(wb.SendPing(nil))
		check(wb.SendContinue([]byte("lo")))
	})
	// Output: text "Hello", <nil>
}

// The messages are kept for later, so that each needs memory of its own.
func ExampleConn_AppendMessage() {
	talk(nil, func(wb *server.Conn) {
		var kept [][]byte
		for range 3 {
			data, _, err := wb.AppendMessage(nil)
			if err != nil {
				fmt.Println(err)
				return
			}
			kept = append(kept, data)
		}
		fmt.Printf("%s\n", kept)
	}, func(wb *client.Conn) {
		for _, word := range []string{"one", "two", "three"} {
			check(wb.SendString(word))
		}
	})
	// Output: [one two three]
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

// A receive that is bounded by a context does not end the connection.
func ExampleConn_SetRecvContext() {
	talk(nil, func(wb *server.Conn) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		wb.SetRecvContext(ctx)
		_, _, err := wb.RecvMessage()
		wb.SetRecvContext(context.Background())
		fmt.Println(errors.Is(err, os.ErrDeadlineExceeded), ctx.Err(), wb.Fatal())

		if err := wb.SendString("too late, say it again"); err != nil {
			fmt.Println(err)
			return
		}
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
	}, func(wb *client.Conn) {
		_, _, err := wb.RecvMessage()
		check(err)
		check(wb.SendString("hello"))
	})
	// Output:
	// true context deadline exceeded <nil>
	// hello <nil>
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

// A message in fragments, with a ping between them.
func ExampleConn_SendFrame() {
	talk(nil, func(wb *server.Conn) {
		for _, f := range []struct {
			fin     bool
			op      frame.Opcode
			payload string
		}{
			{false, frame.Text, "to be "},
			{true, frame.Ping, ""},
			{false, frame.Continuation, "or not "},
			{true, frame.Continuation, "to be"},
			{true, frame.Continuation, "?"}, // of which message?
		} {
			if err := wb.SendFrame(f.fin, f.op, []byte(f.payload)); err != nil {
				fmt.Println(err)
			}
		}
	}, func(wb *client.Conn) {
		data, typ, _ := wb.RecvMessage()
		fmt.Printf("%v %q\n", typ, data)
		wb.RecvMessage()
	})
	// Unordered output:
	// frame: not to be sent: continuation frame without a message to continue (RFC 6455, Section 5.4)
	// text "to be or not to be"
}

// The Close frame has a code and a reason of the caller's.
func ExampleConn_SendClose() {
	talk(nil, func(wb *server.Conn) {
		fmt.Println(wb.SendClose(1005, "")) // not a code that may be sent
		fmt.Println(wb.SendClose(frame.StatusPolicyViolation, "no cats"))
		wb.Close() // waits for the client's Close frame
		var closed *frame.CloseError
		fmt.Println(errors.As(wb.Fatal(), &closed), closed.Code)
	}, func(wb *client.Conn) {
		_, _, err := wb.RecvMessage()
		fmt.Println(err)
	})
	// Unordered output:
	// frame: bad status code (RFC 6455, Section 7.4)
	// <nil>
	// frame: closed by the peer: 1008 Policy Violation: "no cats"
	// true 1008 Policy Violation
}

// Flush returns when all frames that were sent before are written.
func ExampleConn_Flush() {
	talk(nil, func(wb *server.Conn) {
		for {
			data, typ, err := wb.RecvMessage()
			if err != nil {
				return
			}
			if err := wb.SendMessage(typ, data); err != nil {
				return
			}
			if err := wb.Flush(); err != nil {
				return
			}
		}
	}, func(wb *client.Conn) {
		for _, word := range []string{"one", "two", "three"} {
			check(wb.SendString(word))
			data, _, err := wb.RecvMessage()
			fmt.Printf("%s %v\n", data, err)
		}
	})
	// Output:
	// one <nil>
	// two <nil>
	// three <nil>
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

// The answer to the client's own text is compressed. Its token is not.
func ExampleConn_SendPlain() {
	s := httptest.NewServer(server.Handler(&server.Options{Deflate: &handshake.Deflate{}}, func(wb *server.Conn) {
		query, _, err := wb.RecvMessage()
		if err != nil {
			return
		}
		if err := wb.SendText(fmt.Appendf(nil, "results for %s", query)); err != nil {
			return
		}
		if err := wb.SendPlain(frame.Text, []byte("token 3f786850e387550f")); err != nil {
			return
		}
	}))
	defer s.Close()

	wb, _, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), &client.Options{
		Deflate: &handshake.Deflate{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	check(wb.SendString("token 3f"))
	for range 2 {
		data, typ, err := wb.RecvMessage()
		fmt.Printf("%v %s %v\n", typ, data, err)
	}
	wb.Close()
	// Output:
	// text results for token 3f <nil>
	// text token 3f786850e387550f <nil>
}

// A message that is longer than MaxSendLen goes in several frames.
func ExampleConn_SendMessage() {
	talk(&server.Options{MaxSendLen: 8}, func(wb *server.Conn) {
		err := wb.SendFrame(true, frame.Text, []byte("a whole message"))
		fmt.Println(errors.Is(err, frame.ErrSendTooLong))
		if err := wb.SendMessage(frame.Text, []byte("a whole message")); err != nil {
			fmt.Println(err)
		}
	}, func(wb *client.Conn) {
		for {
			data, typ, err := wb.RecvFrame()
			if err != nil && err != client.ErrAgain {
				return
			}
			fmt.Printf("%v %q, to be continued: %t\n", typ, data, err == client.ErrAgain)
		}
	})
	// Output:
	// true
	// text "a whole ", to be continued: true
	// continuation "message", to be continued: false
}

// One message for all connections is validated, encoded and compressed once.
func ExamplePrepare() {
	_, err := server.Prepare(frame.Text, []byte("\xff"))
	fmt.Println(err)
	news, err := server.Prepare(frame.Text, []byte("news for all"))
	if err != nil {
		fmt.Println(err)
		return
	}
	h := server.Handler(nil, func(wb *server.Conn) {
		if err := wb.SendPrepared(news); err != nil {
			fmt.Println(err)
		}
	})
	for range 2 {
		talkTo(h, func(wb *client.Conn) {
			data, typ, _ := wb.RecvMessage()
			fmt.Printf("%v %s\n", typ, data)
		})
	}
	// Output:
	// frame: text is not UTF-8 (RFC 6455, Section 5.6)
	// text news for all
	// text news for all
}

// A room sends each message to all members and waits for none of them. A member that
// takes them too slowly has to leave.
func ExampleConn_Offer() {
	var room sync.Map // of *server.Conn
	joined := make(chan bool)
	opts := &server.Options{MaxBacklog: 256 << 10, WriteBuffer: 32 << 10}
	s := httptest.NewServer(server.Handler(opts, func(wb *server.Conn) {
		room.Store(wb, true)
		defer room.Delete(wb)
		joined <- true
		for wb.Fatal() == nil {
			wb.RecvMessage()
		}
	}))
	defer s.Close()
	broadcast := func(text string) (slow int) {
		m, err := server.Prepare(frame.Text, []byte(text))
		if err != nil {
			fmt.Println(err)
			return 0
		}
		for member := range room.Range {
			wb := member.(*server.Conn)
			if wb.Offer(m) == server.ErrBacklogFull {
				room.Delete(wb)
				wb.CloseNow()
				slow++
			}
		}
		return slow
	}

	var members [2]*client.Conn
	for i := range members {
		wb, _, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer wb.CloseNow()
		<-joined
		members[i] = wb
	}
	slow := 0
	for slow == 0 { // the second member receives nothing
		slow = broadcast(strings.Repeat("x", 60000))
		members[0].RecvMessage()
	}
	fmt.Println(slow, "member has left")
	broadcast("hello")
	data, _, err := members[0].RecvMessage()
	fmt.Printf("%s %v\n", data, err)
	// Output:
	// 1 member has left
	// hello <nil>
}

// The address of the client, as the connection has it: behind a proxy it is the proxy's.
func ExampleConn_RemoteAddr() {
	talk(nil, func(wb *server.Conn) {
		host, _, err := net.SplitHostPort(wb.RemoteAddr().String())
		fmt.Println(host, err, wb.LocalAddr().Network())
	}, func(wb *client.Conn) {})
	// Output: 127.0.0.1 <nil> tcp
}
