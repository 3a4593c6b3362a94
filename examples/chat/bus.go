package main

import (
	"encoding/base64"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	tickSubject = "chat.tick"
	roomSubject = "chat.room." // and the name in base64, which has no character that NATS minds

	// maxBehind is how many messages of the bus may wait for this node. It loses those beyond.
	maxBehind = 1 << 16
)

func subjectOf(room string) string {
	return roomSubject + base64.RawURLEncoding.EncodeToString([]byte(room))
}

// A bus carries the messages of the rooms between the nodes.
type bus struct {
	conn    *nats.Conn
	in      chan *nats.Msg
	deliver func(subject string, event []byte) // called on one goroutine, in order

	mu    sync.Mutex // held from a message's stamp until it is published
	order order

	stop, stopped chan struct{}
}

// newBus returns a bus over conn, on which deliver is called for each message of the
// rooms that are subscribed.
func newBus(conn *nats.Conn, quorum int, deliver func(subject string, event []byte)) (*bus, error) {
	b := &bus{
		conn:    conn,
		in:      make(chan *nats.Msg, maxBehind),
		deliver: deliver,
		order:   newOrder(rand.Uint64(), quorum),
		stop:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	if _, err := conn.ChanSubscribe(tickSubject, b.in); err != nil {
		return nil, err
	}
	go b.run()
	return b, nil
}

// subscribe has the messages of a room delivered. All subscriptions share a channel, so
// that the messages and ticks of one node stay in order.
func (b *bus) subscribe(subject string) (*nats.Subscription, error) {
	return b.conn.ChanSubscribe(subject, b.in)
}

// say publishes a message. While nodes come and go it waits for half a second. If it returns
// an error, no member gets the message.
func (b *bus) say(subject string, event []byte) (err error) {
	for range fresh {
		if err = b.trySay(subject, event); err == nil {
			break
		}
		time.Sleep(tickEvery)
	}
	return err
}

func (b *bus) trySay(subject string, event []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.order.fault(); err != nil {
		return err
	}
	stamp := b.order.next(time.Now())
	if b.conn.Publish(subject, append(stamp.append(nil), event...)) != nil {
		return errSilent // the connection to NATS is not there
	}
	return nil
}

// fault returns why messages are refused now, or nil.
func (b *bus) fault() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.order.fault()
}

// counts returns the number of nodes that are heard, and of messages that came too late.
func (b *bus) counts() (nodes int, late uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.order.nodes), b.order.late
}

// run delivers messages until close.
func (b *bus) run() {
	defer close(b.stopped)
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for {
		select {
		case m := <-b.in:
			b.hear(m)
		case <-ticker.C:
			for range len(b.in) { // these nodes are not silent
				b.hear(<-b.in)
			}
			b.publish(b.order.tick)
		case <-b.stop:
			b.publish(b.order.bye)
			return
		}
		for m, ok := b.next(); ok; m, ok = b.next() {
			b.deliver(m.subject, m.event)
		}
	}
}

// publish publishes a tick. If the bus is away, the tick does not come back, which is how
// this node notices.
func (b *bus) publish(tick func(time.Time) []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.conn.Publish(tickSubject, tick(time.Now()))
}

func (b *bus) hear(m *nats.Msg) {
	stamp, rest, ok := parseStamp(m.Data)
	if !ok {
		slog.Warn("not a message of this program", "subject", m.Subject)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.Subject == tickSubject {
		b.order.hearTick(stamp, rest)
	} else {
		b.order.hearSaid(said{stamp, m.Subject, rest})
	}
}

func (b *bus) next() (said, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.order.deliver()
}

// close takes leave of the other nodes, behind all that was published before.
func (b *bus) close() {
	close(b.stop)
	<-b.stopped
	b.conn.FlushTimeout(time.Second)
}
