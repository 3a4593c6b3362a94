package endpoint

import (
	"net"
	"os"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// packTime is when the window of a receiver is packed that has received one message.
const packTime = idleTime + idleTime/ticksPerPeriod

// held returns how many bytes the window of a receiver takes.
func held(c *Conn) int {
	return reflect.ValueOf(&c.recv.inflation.decompressor).Elem().FieldByName("past").FieldByName("buf").Len()
}

// wantPacked checks that the window of a connection that has received n bytes
// is packed, or that it is not.
func wantPacked(t *testing.T, c *Conn, n int, want bool) {
	t.Helper()
	if packed := held(c) < n/2; packed != want {
		t.Errorf("the window takes %d bytes for %d; packed: %v, want %v", held(c), n, packed, want)
	}
}

// TestPacksInSilence has the last of some messages come at different times, and
// asks once a second what the window takes: it is packed after 5 to 10 seconds in
// which nothing came that needs it.
func TestPacksInSilence(t *testing.T) {
	const n = 10_000
	for _, test := range []struct {
		name     string
		messages []int // when they come, in seconds
		others   func(k *talker)
		after    int // seconds of silence
	}{
		{"one_message", []int{0}, nil, 5},
		{"second_soon", []int{0, 1}, nil, 9},
		{"second_late", []int{0, 4}, nil, 6},
		{"often", []int{0, 2, 4, 6, 8, 10, 12, 14, 16, 18}, nil, 7},
		{"again", []int{0, 11, 30}, nil, 5},
		{"7.1.1/plain_messages_between", []int{0}, func(k *talker) { k.send(true, frame.Text, "plain") }, 5},
		{"5.5.2/pings_between", []int{0}, func(k *talker) { k.send(true, frame.Ping, "") }, 5},
		{"5.5.3/pongs_between", []int{0, 3}, func(k *talker) { k.send(true, frame.Pong, "") }, 7},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Deflate: takeover})
				k, text := newTalker(p), mixed(n)
				receiveAll(c)
				began := time.Now()
				at := func(second int, offset time.Duration) {
					<-time.After(time.Until(began.Add(time.Duration(second)*time.Second + offset)))
					synctest.Wait()
				}
				last := 0
				for _, last = range test.messages {
					at(last, 0)
					k.say(text)
					synctest.Wait()
					wantPacked(t, c, n, false)
				}
				for second := range 30 {
					at(last+second, 500*time.Millisecond)
					wantPacked(t, c, n, second >= test.after)
					if test.others != nil {
						test.others(k)
					}
				}
			})
		})
	}
}

// TestMessageAfterPacking has messages refer to a window that was packed, over
// and over.
func TestMessageAfterPacking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Deflate: takeover})
		k, text := newTalker(p), mixed(10_000)
		messages := receiveAll(c)
		k.say(text)
		for range 5 {
			if got := <-messages; got != text {
				t.Fatalf("received %d bytes, want %d", len(got), len(text))
			}
			<-time.After(time.Minute)
			wantPacked(t, c, len(text), true)
			k.sayAgain(text)
			synctest.Wait()
			wantPacked(t, c, len(text), false)
		}
	})
}

// TestPackingAfterStream has a compressed message come slowly, and be read as it comes.
// The window is packed in the silence behind it, and not before.
func TestPackingAfterStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, p := newPair(t, Config{Deflate: takeover})
		k, text := newTalker(p), mixed(10_000)
		for range 3 {
			payload := k.compress(text)
			p.sendBytes(p.compressed(false, frame.Text, payload[:len(payload)/2]))
			time.AfterFunc(time.Minute, func() { p.send(true, frame.Continuation, payload[len(payload)/2:]) })
			wantRead(t, c, text, frame.Text)
			wantPacked(t, c, len(text), false)
			c.SetTimeout(30 * time.Second)
			if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
				t.Fatal(err)
			}
			c.SetTimeout(0)
			wantPacked(t, c, len(text), true)
		}
	})
}

// TestPackingKeepsTimeout has calls time out before the window is packed, at the
// same time and after it: all of them to the nanosecond.
func TestPackingKeepsTimeout(t *testing.T) {
	for _, timeout := range []time.Duration{
		time.Second, packTime - 1, packTime, packTime + 1, 2 * packTime, 12 * time.Second, time.Hour,
	} {
		t.Run(timeout.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Deflate: takeover, Timeout: timeout})
				k, text := newTalker(p), mixed(10_000)
				k.say(text)
				wantFrame(t, c, text, frame.Text, nil)
				for range 3 {
					began := time.Now()
					for time.Since(began) <= packTime {
						wantTimeout(t, c, timeout)
					}
					wantFatal(t, c, nil)
					wantPacked(t, c, len(text), true)
					k.sayAgain(text)
					wantFrame(t, c, text, frame.Text, nil)
					wantPacked(t, c, len(text), false)
				}
			})
		})
	}
}

// TestPackingSetsNoDeadline counts how often one is set on a connection that
// receives a message every 10 milliseconds for a minute and has no Timeout, and how often
// its window is looked at.
func TestPackingSetsNoDeadline(t *testing.T) {
	for _, test := range []struct {
		name    string
		deflate *handshake.Deflate
		watched bool
	}{
		{"takeover", takeover, true},
		{"7.1.1/no_takeover", noTakeover, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, p := newPair(t, Config{})
				nc := &deadlines{Conn: p.own}
				c := New(nc, &Config{Deflate: test.deflate}, nil)
				messages := receiveAll(c)
				var watch *watch
				for i := range 6000 {
					p.sendBytes(p.compressed(true, frame.Text, helloFixed))
					if got := <-messages; got != "Hello" {
						t.Fatalf("received %q", got)
					}
					synctest.Wait()
					if i == 0 {
						watch = c.recv.inflation.watch
					}
					<-time.After(10 * time.Millisecond)
				}
				synctest.Wait()
				if nc.set > 0 {
					t.Errorf("%d deadlines", nc.set)
				}
				if now := c.recv.inflation.watch; now != watch || (now != nil) != test.watched {
					t.Errorf("watched at first: %t, at last: %t, by the same: %t", watch != nil, now != nil, now == watch)
				}
				c.CloseNow()
			})
		})
	}
}

// deadlines counts those that are set for reading.
type deadlines struct {
	net.Conn
	set int
}

func (d *deadlines) SetReadDeadline(t time.Time) error {
	d.set++
	return d.Conn.SetReadDeadline(t)
}

// TestPackingTransports packs the window of a connection of each kind.
func TestPackingTransports(t *testing.T) {
	for _, transport := range transports {
		t.Run(transport.name, func(t *testing.T) {
			c, p := transport.pair(t, Config{Deflate: takeover, MaxPayloadLen: -1})
			k, text := newTalker(p), mixed(30_000)
			for _, receive := range []func(){
				func() { wantFrame(t, c, text, frame.Text, nil) },
				func() { wantPolled(t, c, text, frame.Text) },
			} {
				go k.say(text)
				receive()
				wantPacked(t, c, len(text), false)
				waits := make(chan bool)
				go func() {
					defer close(waits)
					receive()
				}()
				for w := c.recv.inflation.watch; w != nil; w = c.recv.inflation.watch {
					w.visit(0)
				}
				wantPacked(t, c, len(text), true)
				k.sayAgain(text)
				<-waits
				wantPacked(t, c, len(text), false)
			}
		})
	}
}

// TestPackingBusy has a wheel come while a message is inflated: it does not wait for that.
func TestPackingBusy(t *testing.T) {
	c, p := newPair(t, Config{Deflate: takeover})
	text := mixed(10_000)
	newTalker(p).say(text)
	wantFrame(t, c, text, frame.Text, nil)
	z := c.recv.inflation
	w := z.watch
	z.mu.Lock()
	if w.visit(0) == 0 {
		t.Error("the window is not visited again")
	}
	z.mu.Unlock()
	wantPacked(t, c, len(text), false)
	if z.watch != w {
		t.Error("the window is not watched any more")
	}
}
