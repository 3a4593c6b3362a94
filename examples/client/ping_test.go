package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/internal/wiretest"
	"resty.websocket/server"
)

// With -ping, silence is broken by a ping, and a server that does not answer it is given up.
func TestPing(t *testing.T) {
	received := make(chan frame.Opcode, 10)
	url := serve(t, nil, func(wb *server.Conn) {
		defer close(received)
		for {
			_, typ, err := wb.RecvFrame()
			if err != nil {
				return
			}
			received <- typ
		}
	})
	cmd := command(t, "-ping", "300ms", url)
	input, stop := pipe(t, "", true)
	defer stop()
	cmd.Stdin = input
	exits(t, cmd.Run(), lost)
	var all []frame.Opcode
	for typ := range received {
		all = append(all, typ)
	}
	if !slices.Equal(all, []frame.Opcode{frame.Ping}) {
		t.Errorf("received %v, want a ping", all)
	}
}

// A server is not given up for as long as it answers, which here it does twice.
func TestPingAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := wiretest.Pipe()
		go answer(t, theirs, 2)
		wb, _, err := client.Connect(t.Context(), "ws://example.com/", &client.Options{
			Timeout: time.Minute,
			Proxy:   http.ProxyURL(nil),
			Dial:    func(context.Context, string, string) (net.Conn, error) { return ours, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer wb.CloseNow()
		began := time.Now()
		err = (&conversation{Conn: wb}).receive()
		if took := time.Since(began); !errors.Is(err, os.ErrDeadlineExceeded) || took != 4*time.Minute {
			t.Errorf("%v after %v, want a timeout after the third ping", err, took)
		}
	})
}

// answer is a server that does the handshake and answers so many pings.
func answer(t *testing.T, nc net.Conn, pings int) {
	r, err := http.ReadRequest(bufio.NewReader(nc))
	if err != nil {
		t.Error(err)
		return
	}
	fmt.Fprintf(nc, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Accept: %s\r\n\r\n", handshake.Accept(r.Header.Get("Sec-WebSocket-Key")))
	in, out := frame.NewReader(nc, frame.Server, 0), frame.NewWriter(nc, frame.Server, 0)
	for range pings {
		if f, err := in.ReadFrame(); f.Opcode != frame.Ping || err != nil {
			t.Errorf("%v, %v, want a ping", f.Opcode, err)
		}
		out.WriteFrame(true, frame.Pong, nil)
	}
}
