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
	Name:   "gobwas",
	Module: "github.com/gobwas/ws",
	How: "zero-copy Upgrader on bare TCP connections, a bufio.Reader, ReadHeaderBuffer, Cipher and a reused payload " +
		"buffer, header and payload in one write; text checked with utf8.Valid; broadcasts are compiled frames",
	UTF8: true,
	serve: func(ln net.Listener, job *Job) error {
		return serveGobwas(ln, job, func(conn net.Conn) io.Reader { return bufio.NewReader(conn) })
	},
}

var gobwasLean = Library{
	Name:   "gobwas-lean",
	Module: gobwas.Module,
	How:    "as gobwas, but without a bufio.Reader",
	UTF8:   true,
	serve: func(ln net.Listener, job *Job) error {
		return serveGobwas(ln, job, func(conn net.Conn) io.Reader { return conn })
	},
}

func serveGobwas(ln net.Listener, job *Job, reader func(net.Conn) io.Reader) error {
	members := newHub[net.Conn](job)
	for {
		conn, err := ln.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer conn.Close()
			if _, err := (ws.Upgrader{}).Upgrade(conn); err != nil {
				return
			}
			members.join(conn)
			defer members.leave(conn)
			c := &gobwasConn{conn: conn, r: reader(conn)}
			for c.recv() == nil && c.send(members) == nil {
			}
		}()
	}
}

type gobwasConn struct {
	conn    net.Conn
	r       io.Reader
	scratch [ws.MaxHeaderSize]byte
	header  ws.Header
	payload []byte
	out     bytes.Buffer
}

// recv reads and checks one frame; every message of the load is one.
func (c *gobwasConn) recv() (err error) {
	c.header, err = ws.ReadHeaderBuffer(c.r, c.scratch[:])
	if err != nil {
		return err
	}
	if err := ws.CheckHeader(c.header, ws.StateServerSide); err != nil {
		return err
	}
	if c.header.Length > maxMessage || c.header.OpCode.IsControl() {
		return io.EOF
	}
	if n := int(c.header.Length); cap(c.payload) < n {
		c.payload = make([]byte, n)
	}
	c.payload = c.payload[:c.header.Length]
	if _, err := io.ReadFull(c.r, c.payload); err != nil {
		return err
	}
	ws.Cipher(c.payload, c.header.Mask, 0)
	if c.header.OpCode == ws.OpText && !utf8.Valid(c.payload) {
		return ws.ErrProtocolInvalidUTF8
	}
	c.header.Masked = false
	return nil
}

// send answers the frame that recv read, or broadcasts it.
func (c *gobwasConn) send(members *hub[net.Conn]) error {
	if members.job.Broadcast {
		frame, err := ws.CompileFrame(ws.Frame{Header: c.header, Payload: c.payload})
		members.each(func(conn net.Conn) { conn.Write(frame) })
		return err
	}
	c.out.Reset()
	if err := ws.WriteHeaderBuffer(&c.out, c.header, c.scratch[:]); err != nil {
		return err
	}
	c.out.Write(c.payload)
	_, err := c.conn.Write(c.out.Bytes())
	return err
}
