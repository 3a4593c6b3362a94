package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

const (
	connectTimeout = 30 * time.Second
	closeTimeout   = 5 * time.Second
)

// run connects, converses and returns the exit status. When ctx is done it says goodbye.
func run(ctx context.Context, f flags) (status int) {
	connecting, cancel := context.WithTimeout(ctx, connectTimeout)
	wb, resp, err := client.Connect(connecting, f.url, &f.options)
	cancel()
	if err != nil {
		complain(err, "")
		if resp != nil {
			body, _ := io.ReadAll(resp.Body) // a few KiB, in memory
			if body = bytes.TrimSpace(body); len(body) > 0 {
				note("%s", body)
			}
		}
		return unconnected
	}
	defer wb.CloseNow()
	wb.SetTimeout(f.ping)
	note("connected%s", agreed(wb))
	c := &conversation{Conn: wb, flags: f, out: os.Stdout}
	defer context.AfterFunc(ctx, func() { c.bye(frame.StatusGoingAway, "") })()
	go c.send(os.Stdin)
	return c.status(c.receive())
}

// agreed says what client and server have agreed on.
func agreed(wb *client.Conn) (terms string) {
	if wb.Protocol() != "" {
		terms = ", subprotocol " + wb.Protocol()
	}
	if extensions := wb.Response().Header.Get("Sec-WebSocket-Extensions"); extensions != "" {
		terms += ", " + extensions
	}
	return terms
}

// A conversation is a connection, and what is to be done with it.
type conversation struct {
	*client.Conn
	flags
	out     io.Writer                  // for messages
	goodbye atomic.Uint32              // the status code of our Close frame; 0 before we have begun the closing handshake
	silence atomic.Pointer[time.Timer] // ends the conversation; nil while there is input
	hex     bool                       // the message that arrives is printed in hexadecimal
}

// receive prints what arrives, until the connection ends.
func (c *conversation) receive() error {
	pinged := false // and nothing has come since
	for {
		data, typ, err := c.RecvFrame()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && !pinged:
			pinged = true
			if err := c.SendPing(nil); err != nil && c.goodbye.Load() == 0 {
				return err
			}
			continue
		case err != nil && err != client.ErrAgain:
			return err
		case typ == frame.Ping:
			c.SendPong(data) // not after our Close frame, which the peer would not mind
		case typ == frame.Pong:
			if !pinged || len(data) > 0 { // else it answers the ping of -ping
				note("pong %q", data)
			}
		default:
			c.print(data, typ, err == nil)
			if silence := c.silence.Load(); silence != nil {
				silence.Reset(c.wait)
			}
			if err == nil && c.once {
				return nil
			}
		}
		pinged = false
	}
}

// print prints a message or, if it is not whole, what there is of it.
func (c *conversation) print(data []byte, typ frame.Opcode, whole bool) {
	if typ != frame.Continuation {
		c.hex = typ == frame.Binary && !c.binary
	}
	if c.hex {
		data = hex.AppendEncode(nil, data)
	}
	if whole && !c.binary {
		data = append(data[:len(data):len(data)], '\n')
	}
	c.out.Write(data)
}

// bye begins the closing handshake, and bounds it.
func (c *conversation) bye(code frame.StatusCode, reason string) error {
	c.goodbye.CompareAndSwap(0, uint32(cmp.Or(code, frame.StatusNoStatusRcvd)))
	err := c.SendClose(code, reason)
	if err == nil {
		time.AfterFunc(closeTimeout, func() { c.CloseNow() })
	}
	return err
}

// status closes the connection, says how it ended and returns the exit status.
func (c *conversation) status(err error) int {
	var closed *frame.CloseError
	switch {
	case err == nil: // -once has its message
		c.Close()
		return ended
	case !errors.As(err, &closed):
		complain(err, "")
		return lost
	}
	c.Close()
	note("closed: %v %q", closed.Code, closed.Reason)
	normal := closed.Code == frame.StatusNormalClosure || closed.Code == frame.StatusNoStatusRcvd
	ours := closed.Code == frame.StatusCode(c.goodbye.Load())
	if c.once || !normal && !ours {
		return dismissed
	}
	return ended
}
