package server_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

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
	wb.SendString(strings.Repeat("all work and no play ", 1000))
	wb.Close()
	// Output:
	// permessage-deflate; server_no_context_takeover; client_no_context_takeover
	// 21000 bytes, error: <nil>
}

// What the client is sent in answer to its own text is compressed; its token is
// not.
func ExampleConn_SendPlain() {
	s := httptest.NewServer(server.Handler(&server.Options{Deflate: &handshake.Deflate{}}, func(wb *server.Conn) {
		query, _, _ := wb.RecvMessage()
		wb.SendText(fmt.Appendf(nil, "results for %s", query))
		wb.SendPlain(frame.Text, []byte("token 3f786850e387550f"))
	}))
	defer s.Close()

	wb, _, err := client.Connect(context.Background(), "ws"+strings.TrimPrefix(s.URL, "http"), &client.Options{
		Deflate: &handshake.Deflate{},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	wb.SendString("token 3f")
	for range 2 {
		data, typ, _ := wb.RecvMessage()
		fmt.Printf("%v %s\n", typ, data)
	}
	wb.Close()
	// Output:
	// text results for token 3f
	// text token 3f786850e387550f
}
