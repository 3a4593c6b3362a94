package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http/httptest"
	"strings"
	"sync/atomic"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

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
