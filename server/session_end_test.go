package server

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"resty.websocket/frame"
)

// Each way in which a connection may end has Close called once, after the last Message.
func TestSessionEnds(t *testing.T) {
	hello := sent(true, frame.Text, "hello")
	isClose := func(code frame.StatusCode) func(error) bool {
		return func(err error) bool { return frame.CloseCode(err) == code }
	}
	is := func(want error) func(error) bool {
		return func(err error) bool { return errors.Is(err, want) }
	}
	for _, tt := range []struct {
		name string
		peer func(nc *net.TCPConn)
		ours func(c *Conn) // on the second message, if not nil
		is   func(err error) bool
	}{
		{"7.1.2/close", func(nc *net.TCPConn) { io.WriteString(nc, sent(true, frame.Close, "\x0f\xa0")) }, nil, isClose(4000)},
		{"7.1.5/end", func(nc *net.TCPConn) { nc.CloseWrite() }, nil, is(io.EOF)},
		{"7.1.5/end_inside_a_frame", func(nc *net.TCPConn) { io.WriteString(nc, hello[:3]); nc.CloseWrite() }, nil, is(io.ErrUnexpectedEOF)},
		{"7.1.5/reset", func(nc *net.TCPConn) { nc.SetLinger(0); nc.Close() }, nil, is(syscall.ECONNRESET)},
		{"7.1.5/reset_behind_data", func(nc *net.TCPConn) { io.WriteString(nc, hello[:3]); nc.SetLinger(0); nc.Close() }, nil, is(syscall.ECONNRESET)},
		{"7.1.7/unmasked", func(nc *net.TCPConn) { io.WriteString(nc, "\x81\x00"); nc.CloseWrite() }, nil, is(frame.ErrUnmasked)},
		{"7.1.2/Close", func(nc *net.TCPConn) { io.WriteString(nc, hello+sent(true, frame.Close, "")) }, func(c *Conn) { c.Close() }, isClose(frame.StatusNoStatusRcvd)},
		{"7.1.2/Close_elsewhere", func(nc *net.TCPConn) { io.WriteString(nc, hello+sent(true, frame.Close, "")) }, func(c *Conn) { go c.Close() }, isClose(frame.StatusNoStatusRcvd)},
		{"CloseNow", func(nc *net.TCPConn) { io.WriteString(nc, hello) }, func(c *Conn) { c.CloseNow() }, is(net.ErrClosed)},
		{"CloseNow_elsewhere", func(nc *net.TCPConn) { io.WriteString(nc, hello) }, func(c *Conn) { go c.CloseNow() }, is(net.ErrClosed)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sessionWays(t, func(t *testing.T, w way) {
				messages := 0
				closed := make(chan error, 2)
				first := make(chan bool)
				ts := w.start(t, nil, func(c *Conn) Session {
					return script{func(data []byte, typ frame.Opcode) {
						if messages++; messages == 1 {
							close(first)
						} else if tt.ours != nil {
							tt.ours(c)
						}
					}, func(err error) { closed <- err }}
				}, nil)
				nc := dial(t, ts.Listener.Addr(), hello)
				<-first
				tt.peer(nc)
				if err := <-closed; !tt.is(err) {
					t.Errorf("Close(%v)", err)
				}
				io.Copy(io.Discard, nc)
				if len(closed) > 0 {
					t.Errorf("then Close(%v)", <-closed)
				}
			})
		})
	}
}

// A connection that open closes, or whose client is gone before open returns, still has
// Close called, and no Message.
func TestSessionEndsInOpen(t *testing.T) {
	for name, end := range map[string]func(c *Conn, nc *net.TCPConn){
		"Close":    func(c *Conn, nc *net.TCPConn) { nc.CloseWrite(); c.Close() },
		"CloseNow": func(c *Conn, _ *net.TCPConn) { c.CloseNow() },
		"the_end":  func(_ *Conn, nc *net.TCPConn) { nc.CloseWrite() },
	} {
		t.Run(name, func(t *testing.T) {
			sessionWays(t, func(t *testing.T, w way) {
				conns, opened := make(chan *Conn), make(chan bool)
				rec := newRecord()
				ts := w.start(t, nil, func(c *Conn) Session {
					conns <- c
					<-opened
					return rec
				}, nil)
				nc := dial(t, ts.Listener.Addr(), "")
				end(<-conns, nc)
				close(opened)
				if err := <-rec.closed; err == nil || len(rec.all) > 0 {
					t.Errorf("Close(%v) after %d messages", err, len(rec.all))
				}
				io.Copy(io.Discard, nc)
				if len(rec.closed) > 0 {
					t.Errorf("then Close(%v)", <-rec.closed)
				}
			})
		})
	}
}

// Callbacks that panic, or end their goroutine, end their connection alone.
func TestSessionPanics(t *testing.T) {
	for _, tt := range []struct {
		name   string
		open   func(c *Conn, closed func(error)) Session
		code   frame.StatusCode
		closes bool
		logged string
		err    string // is part of what Close is called with
	}{
		{"7.4.1/open", func(*Conn, func(error)) Session { panic("oh") }, frame.StatusInternalError, false, "oh", ""},
		{"7.4.1/open_returns_nil", func(*Conn, func(error)) Session { return nil }, frame.StatusNormalClosure, false, "", ""},
		{"7.4.1/Message", func(_ *Conn, closed func(error)) Session {
			return script{func([]byte, frame.Opcode) { panic("oh") }, closed}
		}, frame.StatusInternalError, true, "oh", "panic: oh"},
		{"7.4.1/Message_aborts", func(_ *Conn, closed func(error)) Session {
			return script{func([]byte, frame.Opcode) { panic(http.ErrAbortHandler) }, closed}
		}, frame.StatusInternalError, true, "", http.ErrAbortHandler.Error()},
		{"7.4.1/Message_ends_its_goroutine", func(_ *Conn, closed func(error)) Session {
			return script{func([]byte, frame.Opcode) { runtime.Goexit() }, closed}
		}, frame.StatusInternalError, true, "", "Goexit"},
		{"7.4.1/Close", func(c *Conn, closed func(error)) Session {
			return script{func([]byte, frame.Opcode) { c.SendClose(4000, "") }, func(err error) { closed(err); panic("oh") }}
		}, 4000, true, "oh", "closed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sessionWays(t, func(t *testing.T, w way) {
				logged := make(entries, 2)
				closed := make(chan error, 2)
				ts := w.start(t, nil, func(c *Conn) Session { return tt.open(c, func(err error) { closed <- err }) },
					func(s *http.Server) { s.ErrorLog = log.New(logged, "", 0) })
				nc := dial(t, ts.Listener.Addr(), sent(true, frame.Text, ""))
				wantClose(t, nc, tt.code)
				io.WriteString(nc, sent(true, frame.Close, ""))
				io.Copy(io.Discard, nc)
				if tt.closes {
					if err := <-closed; err == nil || !strings.Contains(err.Error(), tt.err) {
						t.Errorf("Close(%v), want %q in it", err, tt.err)
					}
				}
				if len(closed) > 0 {
					t.Errorf("Close(%v)", <-closed)
				}
				select {
				case entry := <-logged:
					if tt.logged == "" || !strings.Contains(entry, "panic serving "+nc.LocalAddr().String()+": "+tt.logged) {
						t.Errorf("logged %q, want %q", entry, tt.logged)
					}
				default:
					if tt.logged != "" {
						t.Error("logged nothing")
					}
				}
			})
		})
	}
}

// Connections are closed from another goroutine at any moment. Each Close comes once, and
// no Message after it.
func TestSessionsClosedAtAnyMoment(t *testing.T) {
	sessionWays(t, func(t *testing.T, w way) {
		conns := make(chan *Conn, 1)
		var done sync.WaitGroup
		ts := w.start(t, nil, func(c *Conn) Session {
			var closed atomic.Bool
			conns <- c
			return script{func(data []byte, typ frame.Opcode) {
				if closed.Load() {
					t.Error("Message after Close")
				}
				c.SendMessage(typ, data)
			}, func(err error) {
				if err == nil || closed.Swap(true) {
					t.Errorf("Close(%v) again", err)
				}
				done.Done()
			}}
		}, nil)
		for i := range 300 {
			done.Add(1)
			nc := dial(t, ts.Listener.Addr(), "")
			c := <-conns
			var both sync.WaitGroup
			both.Go(func() {
				for range 5 {
					io.WriteString(nc, sent(true, frame.Text, "hello"))
				}
			})
			both.Go(func() {
				for range i % 50 {
					runtime.Gosched()
				}
				c.CloseNow()
			})
			both.Wait()
			nc.Close()
		}
		done.Wait()
	})
}
