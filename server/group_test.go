package server

import (
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"resty.websocket/client"
)

// A connection leaves its groups in whatever way it ends: the members at once, and the
// places when it is closed and its function has returned.
func TestGroupEnds(t *testing.T) {
	for name, end := range map[string]func(c *Conn, wb *client.Conn){
		"5.5.1/close":   func(c *Conn, wb *client.Conn) { wb.Close() },
		"7.1.7/fault":   func(c *Conn, wb *client.Conn) { wb.NetConn().Write([]byte{0xff, 0xff}); wb.CloseNow() },
		"tcp/end":       func(c *Conn, wb *client.Conn) { wb.CloseNow() },
		"own/close":     func(c *Conn, wb *client.Conn) { go wb.RecvMessage(); c.Close() },
		"own/close_now": func(c *Conn, wb *client.Conn) { c.CloseNow() },
		"own/twice":     func(c *Conn, wb *client.Conn) { c.CloseNow(); c.CloseNow() },
		"own/send_failed": func(c *Conn, wb *client.Conn) {
			c.NetConn().(interface{ CloseWrite() error }).CloseWrite()
			c.SendString("x")
			c.Flush()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var own, room Group
				h := newHall(t, &Options{Group: &own})
				c, wb := h.connect()
				room.Add(c)
				other, stays := h.connect()
				wantPlaces(t, &own, 2, 2)
				wantPlaces(t, &room, 1, 1)
				end(c, wb)
				<-time.After(6 * time.Second) // for a failed send
				wantPlaces(t, &own, 1, 1)
				wantPlaces(t, &room, 0, 0)
				room.Add(c)
				wantPlaces(t, &room, 0, 0)
				if all := slices.Collect(own.All()); !slices.Equal(all, []*Conn{other}) {
					t.Errorf("the members are %v", all)
				}
				stays.CloseNow()
				wb.CloseNow()
				wantPlaces(t, &own, 0, 0)
			})
		})
	}
}

// A function that closes its connection and goes on keeps its place until it returns, and
// so does a caller of New that has not closed a connection that has ended.
func TestGroupPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		goOn := make(chan bool)
		dial := &client.Options{Dial: client.DialHandler(Handler(&Options{Group: &g}, func(c *Conn) {
			c.CloseNow()
			<-goOn
		}))}
		client.Connect(t.Context(), "ws://a/", dial)
		wantPlaces(t, &g, 0, 1)
		close(goOn)
		wantPlaces(t, &g, 0, 0)

		c, wb := newWideHall(t, &Options{Group: &g}).connect()
		wantPlaces(t, &g, 1, 1)
		wb.CloseNow()
		c.RecvMessage()
		wantPlaces(t, &g, 0, 1)
		g.Broadcast(prepared(t, "nobody"))
		c.CloseNow()
		wantPlaces(t, &g, 0, 0)
	})
}

// Connections join and leave groups at random. The groups are what a map says they are.
func TestGroupRandom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const conns, groups = 20, 3 * maxListed
		h := newHall(t, nil)
		var all [groups]Group
		var want [groups]map[*Conn]bool
		for i := range want {
			want[i] = map[*Conn]bool{}
		}
		var open []*Conn
		for range conns {
			open = append(open, h.follow(nil))
		}
		random := rand.New(rand.NewPCG(1, 2))
		for step := range 5000 {
			i, c := random.IntN(groups), open[random.IntN(len(open))]
			switch {
			case step%500 == 499:
				c.CloseNow()
				for _, members := range want {
					delete(members, c)
				}
				open = slices.DeleteFunc(open, func(other *Conn) bool { return other == c })
			case random.IntN(2) == 0:
				all[i].Add(c)
				want[i][c] = true
			default:
				all[i].Remove(c)
				delete(want[i], c)
			}
			got := slices.Collect(all[i].All())
			if len(got) != len(want[i]) || all[i].Len() != len(got) || slices.ContainsFunc(got, func(c *Conn) bool { return !want[i][c] }) {
				t.Fatalf("step %d: the members are %d, want %d", step, len(got), len(want[i]))
			}
		}
		for _, c := range open {
			c.CloseNow()
		}
		for i := range all {
			wantPlaces(t, &all[i], 0, 0)
		}
		h.all.Wait()
	})
}

// The loop over All adds, removes and closes members, and breaks.
func TestGroupAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g, other Group
		h := newHall(t, &Options{Group: &g})
		var all []*Conn
		for range 10 {
			all = append(all, h.follow(nil))
		}
		n := 0
		for c := range g.All() {
			switch n++; n {
			case 1:
				c.CloseNow()
			case 2:
				g.Remove(c)
				g.Remove(c)
			case 3:
				g.Add(c)
			default:
				other.Add(c)
			}
		}
		if n != 10 || g.Len() != 8 || other.Len() != 7 {
			t.Errorf("%d members were seen, %d are left, %d are in the other group", n, g.Len(), other.Len())
		}
		for c := range g.All() {
			c.CloseNow()
			break
		}
		wantPlaces(t, &g, 7, 7)
		for _, c := range all {
			c.CloseNow()
		}
		h.all.Wait()
	})
}

// A group that has seen a connection does not keep it.
func TestGroupForgets(t *testing.T) {
	var g, room Group
	var conns []weak.Pointer[Conn]
	var ends []io.Closer
	ts := serve(t, &Options{Group: &g}, func(c *Conn) {
		room.Add(c)
		receiveAll(c)
	}, nil)
	for range 50 {
		ends = append(ends, dial(t, ts.Listener.Addr(), ""))
	}
	for deadline := time.Now().Add(patience); room.Len() < 50 && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	for c := range room.All() {
		conns = append(conns, weak.Make(c))
	}
	g.Broadcast(prepared(t, "hello"))
	for c := range room.All() {
		c.CloseNow()
	}
	for _, nc := range ends {
		nc.Close()
	}
	for deadline := time.Now().Add(patience); ; {
		runtime.GC()
		left := slices.IndexFunc(conns, func(p weak.Pointer[Conn]) bool { return p.Value() != nil })
		if left < 0 {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("connection %d is still there", left)
		}
	}
	if s := g.Stats(); s.Open != 0 || s.Closed != 50 {
		t.Errorf("%+v", s)
	}
}

// A list that was long gives its room back.
func TestListShrinks(t *testing.T) {
	var l list
	slots := make([]membership, 10000)
	for i := range slots {
		l.add(&slots[i], nil)
	}
	for i := range slots {
		l.remove(&slots[i])
	}
	if len(l.conns) != 0 || l.live != 0 || cap(l.conns) > 64 || cap(l.slots) > 64 {
		t.Errorf("%d connections, %d of them live, room for %d and %d", len(l.conns), l.live, cap(l.conns), cap(l.slots))
	}
}

// A connection that has ended does not join its first group, and one that ends meanwhile
// does not stay.
func TestGroupAddAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g Group
		h := newWideHall(t, nil)
		for i := range 100 {
			c, wb := h.connect()
			if i%2 == 0 {
				c.CloseNow()
			} else {
				go c.CloseNow()
			}
			g.Add(c)
			wantPlaces(t, &g, 0, 0)
			wb.CloseNow()
		}
		c, wb := h.connect()
		c.makeMemberships().Ended(nil) // between Add's two looks
		g.Add(c)
		wantPlaces(t, &g, 0, 0)
		c.CloseNow()
		wb.CloseNow()
	})
}

// A connection joins and leaves very many groups.
func TestGroupManyRooms(t *testing.T) {
	c, nc := pair(t, nil)
	rooms := make([]Group, 10000)
	for range 2 {
		for i := range rooms {
			rooms[i].Add(c)
			rooms[i].Add(c)
		}
	}
	for i := range rooms[:5000] {
		rooms[i].Remove(c)
	}
	for i := range rooms {
		if n := rooms[i].Len(); n != i/5000 {
			t.Fatalf("group %d has %d members", i, n)
		}
	}
	nc.Close()
	if _, _, err := c.RecvMessage(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	for i := range rooms {
		if n := rooms[i].Len(); n != 0 {
			t.Fatalf("group %d has %d members", i, n)
		}
	}
	c.CloseNow()
	if m := c.memberships(); m.others != nil || m.first != (membership{}) || m.further != 0 {
		t.Error("it is in groups after the end")
	}
}
