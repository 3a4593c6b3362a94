package messages_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/examples/recipes/messages"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// connect connects to a function that serves one connection.
func connect(serve func(*server.Conn)) *client.Conn {
	wb, _, err := inmemory.Connect(server.Handler(nil, serve), "/", nil)
	if err != nil {
		panic(err)
	}
	return wb
}

type point struct{ X, Y int }

// The server moves a point.
func ExampleReceive() {
	wb := connect(func(wb *server.Conn) {
		for {
			p, err := messages.Receive[point](wb)
			if err != nil {
				return
			}
			p.X++
			messages.Send(wb, p)
		}
	})
	defer wb.Close()
	messages.Send(wb, point{1, 2})
	fmt.Println(messages.Receive[point](wb))
	wb.SendString(`{"X": "one"}`)
	fmt.Println(messages.Receive[point](wb))
	// Output:
	// {2 2} <nil>
	// {0 0} frame: closed by the peer: 1007 Invalid frame payload data: "bad JSON"
}

// Messages of several types have their type in front.
func ExampleEnvelope() {
	wb := connect(func(wb *server.Conn) {
		messages.Send(wb, messages.Envelope{Type: "joined", Data: json.RawMessage(`{"name": "Ann"}`)})
		messages.Send(wb, messages.Envelope{Type: "moved", Data: json.RawMessage(`{"X": 1, "Y": 2}`)})
	})
	defer wb.Close()
	for {
		m, err := messages.Receive[messages.Envelope](wb)
		if err != nil {
			return
		}
		switch m.Type {
		case "joined":
			var who struct{ Name string }
			fmt.Println(json.Unmarshal(m.Data, &who), who.Name)
		case "moved":
			var where point
			fmt.Println(json.Unmarshal(m.Data, &where), where)
		}
	}
	// Output:
	// <nil> Ann
	// <nil> {1 2}
}

// The server sends news, and receives what the client has to say.
func ExamplePump() {
	done := make(chan error)
	wb := connect(func(wb *server.Conn) {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		n := 0
		news := messages.Subscribe(ctx, func(context.Context) ([]byte, error) {
			n++
			return fmt.Appendf(nil, "news %d", n), nil
		})
		done <- messages.Pump(wb, news, func(data []byte, typ frame.Opcode) error {
			if string(data) == "enough" {
				return io.EOF
			}
			return nil
		})
	})
	for range 2 {
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
	}
	wb.SendString("enough")
	for wb.Fatal() == nil {
		wb.RecvMessage()
	}
	wb.Close()
	fmt.Println("the client:", wb.Fatal())
	fmt.Println("the server:", <-done)
	// Output:
	// news 1 <nil>
	// news 2 <nil>
	// the client: frame: closed by the peer: 1000 Normal Closure
	// the server: EOF
}

// A file is sent in pieces, and saved in pieces.
func ExampleSave() {
	dir, err := os.MkdirTemp("", "upload")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	wb := connect(func(wb *server.Conn) {
		receipt, err := messages.Save(wb, filepath.Join(dir, "saved"), 10<<20)
		if err == nil {
			messages.Send(wb, receipt)
		}
	})
	defer wb.Close()

	w, err := wb.NextWriter(frame.Binary)
	if err != nil {
		fmt.Println(err)
		return
	}
	io.Copy(w, strings.NewReader(strings.Repeat("a line of the file\n", 100_000)))
	w.Close()
	receipt, err := messages.Receive[messages.Receipt](wb)
	fmt.Println(receipt.Bytes, receipt.SHA256[:8], err)
	info, err := os.Stat(filepath.Join(dir, "saved"))
	fmt.Println(info.Size(), err)
	// Output:
	// 1900000 43d0fb2c <nil>
	// 1900000 <nil>
}
