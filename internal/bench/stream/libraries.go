package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
	"resty.websocket/server"
)

// An end is one end of a connection.
type end struct {
	reader func() (any, io.Reader, error)
	writer func() (io.WriteCloser, error)
}

// A library makes connections.
type library struct {
	accept func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error)
	dial   func(url string, d load.Deflate) (end, error)
}

var ctx = context.Background()

var libraries = map[string]library{
	"resty": {func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error) {
		c, err := server.New(w, r, &server.Options{Deflate: servers.Deflates[d]})
		return streams(c.NextReader, c.NextWriter, frame.Binary), err
	}, func(url string, d load.Deflate) (end, error) {
		c, _, err := client.Connect(ctx, url, &client.Options{Deflate: servers.Deflates[d]})
		return streams(c.NextReader, c.NextWriter, frame.Binary), err
	}},
	"gorilla": {func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error) {
		upgrader := gorilla.Upgrader{EnableCompression: d != load.Plain}
		c, err := upgrader.Upgrade(w, r, nil)
		return streams(c.NextReader, c.NextWriter, gorilla.BinaryMessage), err
	}, func(url string, d load.Deflate) (end, error) {
		dialer := gorilla.Dialer{EnableCompression: d != load.Plain}
		c, _, err := dialer.Dial(url, nil)
		return streams(c.NextReader, c.NextWriter, gorilla.BinaryMessage), err
	}},
	"coder": {func(w http.ResponseWriter, r *http.Request, d load.Deflate) (end, error) {
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: servers.CoderModes[d]})
		return coderStreams(c), err
	}, func(url string, d load.Deflate) (end, error) {
		c, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{CompressionMode: servers.CoderModes[d]})
		return coderStreams(c), err
	}},
}

func streams[Op any](next func() (Op, io.Reader, error), writer func(Op) (io.WriteCloser, error), op Op) end {
	return end{
		func() (any, io.Reader, error) { return next() },
		func() (io.WriteCloser, error) { return writer(op) },
	}
}

func coderStreams(c *websocket.Conn) end {
	if c != nil {
		c.SetReadLimit(-1)
	}
	return streams(
		func() (websocket.MessageType, io.Reader, error) { return c.Reader(ctx) },
		func(op websocket.MessageType) (io.WriteCloser, error) { return c.Writer(ctx, op) },
		websocket.MessageBinary)
}

// connect returns the server's and the client's end of a connection.
func connect(lib library, d load.Deflate) (server, client end, err error) {
	accepted := make(chan end, 1)
	listening := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e, err := lib.accept(w, r, d)
		if err != nil {
			fmt.Fprintln(os.Stderr, "stream:", err)
			return
		}
		accepted <- e
		select {} // coder closes a connection whose handler returns
	}))
	if client, err = lib.dial("ws://"+listening.Listener.Addr().String(), d); err != nil {
		return end{}, end{}, err
	}
	return <-accepted, client, nil
}
