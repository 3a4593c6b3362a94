package main

import (
	"context"
	"io"
	"net"
	"sync"

	"resty.websocket/frame"
)

// A streamer is a *server.Conn or a *client.Conn.
type streamer interface {
	Stream(op frame.Opcode) net.Conn
}

// join copies bytes between a WebSocket and a TCP connection, until one of the two ends or ctx is done. Then it closes both: a
// WebSocket has no end of one direction. A protocol that needs that end, such as HTTP/1.0 with a request that ends with the
// connection, cannot be tunnelled.
//
// The borders of the messages mean nothing, and no byte is held back: a Write leaves as one message or, if it is long, as
// several of 16 KiB.
func join(ctx context.Context, wb streamer, nc net.Conn) {
	stream := wb.Stream(frame.Binary)
	end := sync.OnceFunc(func() {
		nc.Close()
		stream.Close() // sends what was accepted, and the Close frame behind it
	})
	defer end()
	defer context.AfterFunc(ctx, end)()
	var out sync.WaitGroup
	out.Go(func() {
		io.Copy(stream, nc)
		end()
	})
	io.Copy(nc, stream)
	end()
	out.Wait()
}
