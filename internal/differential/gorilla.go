package differential

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// decodeGorilla reads all messages and control frames that reach role in
// stream through a connection of gorilla/websocket.
func decodeGorilla(stream []byte, role frame.Role) (o outcome) {
	conn, err := newGorilla(stream, role)
	if err != nil {
		panic(fmt.Sprintf("no connection of gorilla/websocket: %v", err))
	}
	control := func(op frame.Opcode) func(string) error {
		return func(payload string) error {
			o.units = append(o.units, unit{true, op, []byte(payload)})
			return nil
		}
	}
	conn.SetPingHandler(control(frame.Ping))
	conn.SetPongHandler(control(frame.Pong))
	conn.SetCloseHandler(func(code int, reason string) error {
		var payload []byte
		if code != websocket.CloseNoStatusReceived {
			payload = frame.AppendClose(nil, frame.StatusCode(code), reason)
		}
		return control(frame.Close)(string(payload))
	})
	for {
		opcode, payload, err := conn.ReadMessage()
		if err != nil {
			// A Close frame, or what stands for the end of the stream.
			var closed *websocket.CloseError
			if !errors.As(err, &closed) {
				o.refused = err
			}
			return o
		}
		o.units = append(o.units, unit{true, frame.Opcode(opcode), payload})
	}
}

// newGorilla returns a connection whose opening handshake is done, and on
// which stream arrives.
func newGorilla(stream []byte, role frame.Role) (*websocket.Conn, error) {
	peer := &scriptedConn{stream: stream}
	if role == frame.Client {
		dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) { return peer, nil }}
		conn, _, err := dialer.Dial("ws://peer/", nil)
		return conn, err
	}
	peer.in.Write(stream)
	r := &http.Request{Method: http.MethodGet, Header: http.Header{
		"Connection":            {"Upgrade"},
		"Upgrade":               {"websocket"},
		"Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key":     {"dGhlIHNhbXBsZSBub25jZQ=="},
	}}
	var upgrader websocket.Upgrader
	return upgrader.Upgrade(hijackable{conn: peer}, r, nil)
}

// A hijackable is a ResponseWriter that does nothing but give conn away.
type hijackable struct {
	http.ResponseWriter
	conn net.Conn
}

func (h hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReader(h.conn), bufio.NewWriter(h.conn)), nil
}

// A scriptedConn answers a handshake request, sends stream and ends. All else
// that is written to it is lost.
type scriptedConn struct {
	stream []byte
	in     bytes.Buffer // what is to be read yet
}

func (c *scriptedConn) Read(p []byte) (int, error) { return c.in.Read(p) }

func (c *scriptedConn) Write(p []byte) (int, error) {
	if r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(p))); err == nil {
		io.WriteString(&c.in, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: "+handshake.Accept(r.Header.Get("Sec-WebSocket-Key"))+"\r\n\r\n")
		c.in.Write(c.stream)
	}
	return len(p), nil
}

func (*scriptedConn) Close() error                     { return nil }
func (*scriptedConn) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (*scriptedConn) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (*scriptedConn) SetDeadline(time.Time) error      { return nil }
func (*scriptedConn) SetReadDeadline(time.Time) error  { return nil }
func (*scriptedConn) SetWriteDeadline(time.Time) error { return nil }
