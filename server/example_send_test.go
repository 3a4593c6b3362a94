package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

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
