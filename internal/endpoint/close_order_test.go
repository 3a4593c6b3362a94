package endpoint

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// closeOrders are the orders in which the two sides can close. Each begins
// with a fresh connection, and at its end Close has been called and answered.
var closeOrders = []struct {
	name string
	run  func(t *testing.T, c *Conn, p *peer)
	want error // of Close
}{
	{"7.1.2/we_begin", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusGoingAway)
		p.wantClose(frame.StatusGoingAway)
		p.sendClose(frame.StatusGoingAway, "")
	}, nil},
	{"7.1.2/we_begin_and_they_take_longer_than_Timeout", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusGoingAway)
		p.wantClose(frame.StatusGoingAway)
		<-time.After(3 * time.Second)
		p.sendClose(frame.StatusGoingAway, "")
	}, nil},
	{"7.1.2/they_begin", func(t *testing.T, c *Conn, p *peer) {
		p.sendClose(frame.StatusGoingAway, "reload")
		_, _, err := c.RecvFrame()
		wantClosed(t, err, frame.StatusGoingAway, "reload")
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusGoingAway)
	}, nil},
	{"7.1.2/they_begin_and_RecvMessage_answers", func(t *testing.T, c *Conn, p *peer) {
		p.sendClose(4999, "")
		_, _, err := c.RecvMessage()
		wantClosed(t, err, 4999, "")
		p.wantClose(4999)
		go c.Close(frame.StatusNormalClosure)
	}, nil},
	{"7.1.2/they_begin_and_SendClose_answers", func(t *testing.T, c *Conn, p *peer) {
		p.send(true, frame.Close, "")
		_, _, err := c.RecvFrame()
		wantClosed(t, err, frame.StatusNoStatusRcvd, "")
		if err := c.SendClose(frame.StatusServiceRestart, "my own"); err != nil {
			t.Errorf("SendClose: %v", err)
		}
		p.wantClose(frame.StatusServiceRestart)
		go c.Close(frame.StatusNormalClosure)
	}, nil},
	{"7.1.2/they_begin_behind_a_long_frame", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusNormalClosure)
		p.send(true, frame.Binary, strings.Repeat("x", 70_000))
		p.sendClose(4000, "")
	}, nil},
	{"7.1.2/they_begin_while_we_do_not_receive", func(t *testing.T, c *Conn, p *peer) {
		p.sendClose(4000, "")
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusNormalClosure)
	}, nil},
	{"7.1.2/both_at_once", func(t *testing.T, c *Conn, p *peer) {
		if err := c.SendClose(4001, ""); err != nil {
			t.Errorf("SendClose: %v", err)
		}
		p.sendClose(4002, "")
		p.wantClose(4001)
		_, _, err := c.RecvFrame()
		wantClosed(t, err, 4002, "")
		go c.Close(frame.StatusNormalClosure)
	}, nil},
	{"7.1.2/no_code", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(0)
		p.want(true, frame.Close, "")
		p.send(true, frame.Close, "")
	}, nil},
	{"1.4/they_send_on_before_they_answer", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusNormalClosure)
		p.send(false, frame.Text, "many")
		p.send(true, frame.Ping, "not to be answered any more")
		p.send(true, frame.Continuation, strings.Repeat("x", 60000))
		p.sendClose(frame.StatusNormalClosure, "")
	}, nil},
	{"7.1.7/they_break_the_protocol_instead", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusNormalClosure)
		p.send(true, frame.Continuation, "")
	}, frame.ErrFragmentOrder},
	{"7.1.5/they_end_TCP_instead", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusNormalClosure)
		p.Close()
	}, io.EOF},
	{"7.1.5/they_end_TCP_inside_a_frame", func(t *testing.T, c *Conn, p *peer) {
		go c.Close(frame.StatusNormalClosure)
		p.wantClose(frame.StatusNormalClosure)
		p.sendBytes(p.frame(true, frame.Text, "x")[:1])
		p.Close()
	}, io.ErrUnexpectedEOF},
}

// TestCloseOrders runs each order in both roles. Section 7.1.1: the server
// closes TCP first, and the client waits for that.
func TestCloseOrders(t *testing.T) {
	for _, order := range closeOrders {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			t.Run(order.name+"/"+role.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Role: role, Timeout: time.Second})
					order.run(t, c, p)
					synctest.Wait()
					if closed := p.isClosed(); closed != (role == frame.Server && order.want == nil || closedByPeer(order.want)) {
						t.Errorf("the connection is closed: %t", closed)
					}
					<-time.After(3 * time.Second / 2)
					p.Close()
					if err := c.Close(0); !errors.Is(err, order.want) {
						t.Errorf("Close: %v, want %v", err, order.want)
					}
					p.wantEndOfAll(c)
				})
			})
		}
	}
}

// TestCloseFramesOutliveTimeout has a Timeout that is over before any write
// begins, as a short one may be on a busy machine. The Close frames are sent
// even so.
func TestCloseFramesOutliveTimeout(t *testing.T) {
	for _, test := range []struct {
		name string
		sent func(p *peer) []byte
		end  func(c *Conn)
		want frame.StatusCode
	}{
		{"5.5.1/answer", func(p *peer) []byte { return p.frame(true, frame.Close, "\x0f\xa0") }, func(c *Conn) { c.RecvMessage(); c.CloseNow() }, 4000},
		{"7.1.2/Close", func(p *peer) []byte { return nil }, func(c *Conn) { go c.Close(4001) }, 4001},
		{"7.1.7/fault", func(p *peer) []byte { return p.frame(true, frame.Continuation, "") }, func(c *Conn) { c.RecvMessage(); c.CloseNow() }, frame.StatusProtocolError},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, p := newTCPPair(t, Config{})
			c = New(c.nc, &Config{Timeout: time.Nanosecond}, test.sent(p))
			test.end(c)
			p.wantClose(test.want)
		})
	}
}

// closedByPeer reports whether err says that the peer has closed TCP.
func closedByPeer(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }
