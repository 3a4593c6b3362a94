package main

import (
	"context"
	"io"
	"net/http"

	"github.com/coder/websocket"
	gorilla "github.com/gorilla/websocket"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
	"resty.websocket/server"
)

// A compression is how messages are compressed.
type compression string

const (
	plain      compression = "off"
	noTakeover compression = "on"
	takeover   compression = "takeover"
)

// An end is one end of a connection.
type end interface {
	reader() (io.Reader, error)
	writer() (io.WriteCloser, error)
}

// A library makes connections.
type library struct {
	name         string
	compressions []compression
	accept       func(w http.ResponseWriter, r *http.Request, c compression) (end, error)
	dial         func(url string, c compression) (end, error)
}

var libraries = []library{
	{"resty", []compression{plain, noTakeover, takeover}, acceptResty, dialResty},
	{"gorilla", []compression{plain, noTakeover}, acceptGorilla, dialGorilla},
	{"coder", []compression{plain, noTakeover, takeover}, acceptCoder, dialCoder},
}

var restyDeflates = map[compression]*handshake.Deflate{
	noTakeover: {ServerNoContextTakeover: true, ClientNoContextTakeover: true},
	takeover:   {},
}

// A restyEnd is a server's or a client's Conn.
type restyEnd struct {
	conn interface {
		NextReader() (frame.Opcode, io.Reader, error)
		NextWriter(frame.Opcode) (io.WriteCloser, error)
	}
}

func (e restyEnd) reader() (io.Reader, error) {
	_, r, err := e.conn.NextReader()
	return r, err
}

func (e restyEnd) writer() (io.WriteCloser, error) { return e.conn.NextWriter(frame.Binary) }

func acceptResty(w http.ResponseWriter, r *http.Request, c compression) (end, error) {
	conn, err := server.New(w, r, &server.Options{Deflate: restyDeflates[c]})
	return restyEnd{conn}, err
}

func dialResty(url string, c compression) (end, error) {
	conn, _, err := client.Connect(context.Background(), url, &client.Options{Deflate: restyDeflates[c]})
	return restyEnd{conn}, err
}

type gorillaEnd struct{ conn *gorilla.Conn }

func (e gorillaEnd) reader() (io.Reader, error) {
	_, r, err := e.conn.NextReader()
	return r, err
}

func (e gorillaEnd) writer() (io.WriteCloser, error) { return e.conn.NextWriter(gorilla.BinaryMessage) }

func acceptGorilla(w http.ResponseWriter, r *http.Request, c compression) (end, error) {
	upgrader := gorilla.Upgrader{EnableCompression: c != plain}
	conn, err := upgrader.Upgrade(w, r, nil)
	return gorillaEnd{conn}, err
}

func dialGorilla(url string, c compression) (end, error) {
	dialer := gorilla.Dialer{EnableCompression: c != plain}
	conn, _, err := dialer.Dial(url, nil)
	return gorillaEnd{conn}, err
}

var coderModes = map[compression]websocket.CompressionMode{
	plain:      websocket.CompressionDisabled,
	noTakeover: websocket.CompressionNoContextTakeover,
	takeover:   websocket.CompressionContextTakeover,
}

type coderEnd struct{ conn *websocket.Conn }

func (e coderEnd) reader() (io.Reader, error) {
	_, r, err := e.conn.Reader(context.Background())
	return r, err
}

func (e coderEnd) writer() (io.WriteCloser, error) {
	return e.conn.Writer(context.Background(), websocket.MessageBinary)
}

func acceptCoder(w http.ResponseWriter, r *http.Request, c compression) (end, error) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: coderModes[c]})
	if err == nil {
		conn.SetReadLimit(-1)
	}
	return coderEnd{conn}, err
}

func dialCoder(url string, c compression) (end, error) {
	conn, _, err := websocket.Dial(context.Background(), url, &websocket.DialOptions{CompressionMode: coderModes[c]})
	if err == nil {
		conn.SetReadLimit(-1)
	}
	return coderEnd{conn}, err
}
