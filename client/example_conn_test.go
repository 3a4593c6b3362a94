package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

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
