package servers

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

var gobwas = Library{
	Name:   "gobwas",
	Module: "github.com/gobwas/ws",
	How: "zero-copy Upgrader on bare TCP connections, a bufio.Reader, ReadHeaderBuffer, Cipher and a reused payload " +
		"buffer, header and payload in one write, which several senders share by a mutex; text checked with utf8.Valid; " +
		"broadcasts are compiled frames, where some do not read with a write deadline of 100 ms, after which the connection " +
		"is closed",
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
			for c.recv() == nil && c.answer(members) == nil {
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
	mu      sync.Mutex // for out
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

// answer sends the frame that recv read to whom the job says.
func (c *gobwasConn) answer(members *hub[net.Conn]) error {
	switch {
	case members.job.Broadcast:
		return c.broadcast(members)
	case members.job.echoes():
		return c.send()
	default:
		return members.job.reply(func() error {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.send()
		})
	}
}

func (c *gobwasConn) send() error {
	c.out.Reset()
	if err := ws.WriteHeaderBuffer(&c.out, c.header, c.scratch[:]); err != nil {
		return err
	}
	c.out.Write(c.payload)
	_, err := c.conn.Write(c.out.Bytes())
	return err
}

func (c *gobwasConn) broadcast(members *hub[net.Conn]) error {
	frame, err := ws.CompileFrame(ws.Frame{Header: c.header, Payload: c.payload})
	members.each(func(conn net.Conn) {
		if members.job.Stalled {
			conn.SetWriteDeadline(time.Now().Add(patience))
		}
		if _, err := conn.Write(frame); err != nil {
			conn.Close()
		}
	})
	return err
}
