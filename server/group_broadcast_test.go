package server

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// A connection on which no goroutine receives leaves when a Broadcast finds out that its sends
// have failed for long enough.
func TestBroadcastFindsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		c, wb := newWideHall(t, &Options{Group: &g}).connect()
		wb.CloseNow()
		g.Broadcast(prepared(t, "x"))
		<-time.After(6 * time.Second)
		wantPlaces(t, &g, 1, 1)
		g.Broadcast(prepared(t, "x"))
		wantPlaces(t, &g, 0, 1)
		c.CloseNow()
	})
}

// Many goroutines broadcast while members come and go. Each member receives the messages of
// each goroutine in order, none of them twice, and all of them if it stays.
func TestBroadcastWhileMembersComeAndGo(t *testing.T) {
	const senders, messages, stay = 4, 200, 10
	synctest.Test(t, func(t *testing.T) {
		var g, room Group
		h := newHall(t, &Options{Group: &g, MaxBacklog: -1})
		check := func(all bool) func(string, error) {
			var next [senders]int
			return func(message string, err error) {
				var s, i int
				fmt.Sscan(message, &s, &i)
				switch {
				case err != nil && all:
					if next != [senders]int{messages, messages, messages, messages} {
						t.Errorf("the last messages are %v", next)
					}
				case err != nil:
				case all && i != next[s] || i < next[s]:
					t.Errorf("%q after number %d", message, next[s]-1)
				default:
					next[s] = i + 1
				}
			}
		}
		for range stay {
			h.follow(check(true))
		}
		mayLeave := h.follow(check(false))
		var sending, coming sync.WaitGroup
		for s := range senders {
			sending.Go(func() {
				for i := range messages {
					g.Broadcast(prepared(t, fmt.Sprint(s, " ", i)))
					room.Broadcast(prepared(t, fmt.Sprint(s, " ", i)))
					runtime.Gosched()
				}
			})
		}
		coming.Go(func() {
			for range 20 {
				c := h.follow(check(false))
				g.Remove(mayLeave)
				g.Add(mayLeave)
				c.CloseNow()
			}
		})
		sending.Wait()
		coming.Wait()
		g.Shutdown(t.Context())
		h.all.Wait()
		wantPlaces(t, &g, 0, 0)
	})
}

// Members broadcast from the function that serves them.
func TestBroadcastFromMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		dial := &client.Options{Dial: client.DialHandler(Handler(&Options{Group: &g}, func(c *Conn) {
			for {
				data, typ, err := c.RecvMessage()
				if err != nil {
					return
				}
				m, err := Prepare(typ, data)
				if err != nil {
					t.Error(err)
				}
				g.Broadcast(m)
			}
		}))}
		const clients, each = 5, 20
		var all sync.WaitGroup
		ready := make(chan bool)
		for i := range clients {
			wb, _, err := client.Connect(t.Context(), "ws://a/", dial)
			if err != nil {
				t.Fatal(err)
			}
			all.Go(func() {
				<-ready
				for range each {
					if err := wb.SendString(fmt.Sprint(i)); err != nil {
						t.Error(err)
					}
				}
				for range clients * each {
					if _, _, err := wb.RecvMessage(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		synctest.Wait()
		close(ready)
		all.Wait()
		g.closeNow()
	})
}

// TestBroadcastAllocatesNothing but what the Offers do, of which none is left here.
func TestBroadcastAllocatesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		h := newWideHall(t, &Options{Group: &g})
		var clients []*client.Conn
		for range 20 {
			c, wb := h.connect()
			c.SendClose(frame.StatusNormalClosure, "") // nothing can be offered any more
			clients = append(clients, wb)
		}
		m := prepared(t, "hello")
		if n := allocs(func() { g.Broadcast(m) }); n > 0 || g.Len() != len(clients) {
			t.Errorf("%v allocations, %d members", n, g.Len())
		}
		g.closeNow()
		for _, wb := range clients {
			wb.CloseNow()
		}
	})
}

// TestBroadcastEachWay has each message broadcast by the Session that receives it, while
// members are closed from outside.
func TestBroadcastEachWay(t *testing.T) {
	eachWay(t, func(t *testing.T, w way) {
		var g Group
		ts := w.start(t, &Options{Group: &g}, func(c *Conn) Session {
			return script{message: func(data []byte, typ frame.Opcode) { g.Broadcast(prepared(t, string(data))) }}
		}, nil)
		const members, messages = 10, 50
		var all sync.WaitGroup
		ready := make(chan bool)
		for i := range members {
			nc := dial(t, ts.Listener.Addr(), "")
			all.Go(func() {
				<-ready
				go func() {
					for range messages {
						nc.Write([]byte(sent(true, frame.Text, fmt.Sprint(i))))
					}
				}()
				r := frame.NewReader(nc, frame.Client, 0)
				for range members * messages {
					if _, err := r.ReadFrame(); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for g.Len() < members {
			runtime.Gosched()
		}
		close(ready)
		all.Wait()
		if s := g.Stats(); s.MessagesSent != members*members*messages || s.MessagesReceived != members*messages {
			t.Errorf("%+v", s)
		}
		g.closeNow()
		if err := g.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
