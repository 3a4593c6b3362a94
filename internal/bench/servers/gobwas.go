package servers

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"slices"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

func gobwas(ln net.Listener, job *Job) error {
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

func gobwasCompiled(j *Job, op byte, p []byte) {
	frame := ws.MustCompileFrame(ws.NewFrame(ws.OpCode(op), true, p))
	for c := range j.recipients {
		c.(*gobwasConn).Write(frame)
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
	if err == nil {
		err = ws.CheckHeader(h, ws.StateServerSide)
	}
	if err == nil && (h.Length > maxMessage || h.OpCode.IsControl()) {
		err = io.EOF
	}
	if err != nil {
		return 0, nil, err
	}
	c.payload = slices.Grow(c.payload[:0], int(h.Length))[:h.Length]
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
