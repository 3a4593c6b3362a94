package endpoint

import (
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// beneathTLS are connections beneath TLS.
var beneathTLS = []struct {
	name string
	wrap func(nc *wiretest.Conn) net.Conn
}{
	{"memory", func(nc *wiretest.Conn) net.Conn { return nc }},
	{"no_deadlines", func(nc *wiretest.Conn) net.Conn { return wiretest.NoDeadlines{Conn: nc} }},
}

// TestTLSDoesNotDelayTheEnd has a peer that has stopped reading in the middle
// of TLS, which thus cannot say goodbye.
func TestTLSDoesNotDelayTheEnd(t *testing.T) {
	server := serverTLS(t)
	for _, test := range []struct {
		name string
		end  func(c *Conn) error
		want time.Duration
	}{
		{"Close", func(c *Conn) error { return c.Close(frame.StatusNormalClosure) }, closeTimeout},
		{"CloseNow", (*Conn).CloseNow, 0},
	} {
		for _, beneath := range beneathTLS {
			t.Run(test.name+"/"+beneath.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					own, other := wiretest.Pipe()
					c, _ := newPairOverTLS(t, Config{}, server, func() (net.Conn, net.Conn) { return beneath.wrap(own), other })
					own.SetWriteBuffer(0)
					start := time.Now()
					test.end(c)
					if took := time.Since(start); took != test.want {
						t.Errorf("took %v, want %v", took, test.want)
					}
					if _, err := own.Write(nil); err != net.ErrClosed {
						t.Errorf("the connection is not closed: %v", err)
					}
				})
			})
		}
	}
}

// TestTLSGoodbyeIsInTime has a peer that stops reading when TLS is about to say
// goodbye.
func TestTLSGoodbyeIsInTime(t *testing.T) {
	const record = 22 // what TLS 1.3 has around its content, in bytes
	server := serverTLS(t)
	server.SessionTicketsDisabled = true // nothing is under way
	for _, test := range []struct {
		name string
		end  func(c *Conn, p *peer) error
		want time.Duration
	}{
		{"Close", func(c *Conn, p *peer) error {
			time.AfterFunc(4*time.Second, func() {
				p.own.SetWriteBuffer(0)
				p.sendClose(frame.StatusNormalClosure, "")
			})
			return c.Close(frame.StatusNormalClosure)
		}, closeTimeout},
		{"RecvFrame", func(c *Conn, p *peer) error {
			fault := frame.ErrFragmentOrder
			last := frame.AppendClose(nil, fault.Code, fault.Reason+": continuation frame without a message to continue")
			p.own.SetWriteBuffer(record + 2 + len(last)) // room for the Close frame, and no more
			p.send(true, frame.Continuation, "")
			if _, _, err := c.RecvFrame(); !errors.Is(err, fault) {
				return err
			}
			return nil
		}, time.Second},
	} {
		for _, beneath := range beneathTLS {
			t.Run(test.name+"/"+beneath.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					own, other := wiretest.Pipe()
					c, p := newPairOverTLS(t, Config{Timeout: time.Second}, server, func() (net.Conn, net.Conn) { return beneath.wrap(own), other })
					p.own = own
					start := time.Now()
					if err := test.end(c, p); err != nil {
						t.Error(err)
					}
					if took := time.Since(start); took != test.want {
						t.Errorf("took %v, want %v", took, test.want)
					}
				})
			})
		}
	}
}

// TestTLSSaysGoodbye has the closing handshake go well: TLS ends in order then.
func TestTLSSaysGoodbye(t *testing.T) {
	c, p := newTLSPair(t, Config{})
	closed := make(chan error)
	go func() { closed <- c.Close(frame.StatusNormalClosure) }()
	p.wantClose(frame.StatusNormalClosure)
	p.sendClose(frame.StatusNormalClosure, "")
	p.wantEnd()
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}
