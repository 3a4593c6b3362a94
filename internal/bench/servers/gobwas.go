package servers

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

var gobwas = Library{
	Name: "gobwas", Module: "github.com/gobwas/ws", UTF8: true, locks: true, serve: serveGobwas,
	How: "zero-copy Upgrader on bare TCP connections, a bufio.Reader, ReadHeaderBuffer, Cipher and a reused payload " +
		"buffer, header and payload in one write, which several senders share by a mutex; text checked with utf8.Valid; " +
		"broadcasts are compiled frames",
	broadcast: func(j *Job, op byte, p []byte) {
		frame := ws.MustCompileFrame(ws.NewFrame(ws.OpCode(op), true, p))
		for c := range j.recipients {
			c.(*gobwasConn).Write(frame)
		}
	},
}

func serveGobwas(ln net.Listener, job *Job, _ <-chan struct{}) error {
	for {
		c, err := ln.Accept()
		if err != nil {
			return err
		}
		go func() {
			if _, err := (ws.Upgrader{}).Upgrade(c); err != nil {
				c.Close()
				return
			}
			job.loop(&gobwasConn{Conn: c, r: bufio.NewReader(c)})
		}()
	}
}

type gobwasConn struct {
	net.Conn
	r       *bufio.Reader
	scratch [ws.MaxHeaderSize]byte
	payload []byte
	out     bytes.Buffer
}

// recv reads and checks one frame; every message of the load is one.
func (c *gobwasConn) recv() (op byte, p []byte, err error) {
	h, err := ws.ReadHeaderBuffer(c.r, c.scratch[:])
	if err != nil {
		return 0, nil, err
	}
	if err := ws.CheckHeader(h, ws.StateServerSide); err != nil {
		return 0, nil, err
	}
	if h.Length > maxMessage || h.OpCode.IsControl() {
		return 0, nil, io.EOF
	}
	if n := int(h.Length); cap(c.payload) < n {
		c.payload = make([]byte, n)
	}
	c.payload = c.payload[:h.Length]
	if _, err := io.ReadFull(c.r, c.payload); err != nil {
		return 0, nil, err
	}
	ws.Cipher(c.payload, h.Mask, 0)
	if h.OpCode == ws.OpText && !utf8.Valid(c.payload) {
		return 0, nil, ws.ErrProtocolInvalidUTF8
	}
	return byte(h.OpCode), c.payload, nil
}

func (c *gobwasConn) send(op byte, p []byte) error {
	c.out.Reset()
	h := ws.Header{Fin: true, OpCode: ws.OpCode(op), Length: int64(len(p))}
	if err := ws.WriteHeaderBuffer(&c.out, h, c.scratch[:]); err != nil {
		return err
	}
	c.out.Write(p)
	_, err := c.Write(c.out.Bytes())
	return err
}
