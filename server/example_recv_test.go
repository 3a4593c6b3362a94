package server_test

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

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
