package limits

import (
	"time"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// A Pace lets a client send a number of messages at once, and one each Every from then on. It belongs to one connection and
// its receiving goroutine. MaxMessageLen bounds the length of each.
//
// A client that sends more is not read for a while, and TCP holds it up: a client in a hurry is slow, and no message of it is
// lost. Its Pongs wait in line as well, but Heartbeat counts only while the server receives.
type Pace struct {
	Every time.Duration
	Burst int

	due time.Time // when the burst is full again
}

// Wait is called for each message. It waits for its turn, or until the connection ends.
func (p *Pace) Wait(wb *server.Conn) {
	early := p.take(time.Now())
	if early <= 0 {
		return
	}
	turn := time.NewTimer(early)
	defer turn.Stop()
	select {
	case <-turn.C:
	case <-wb.Context().Done():
	}
}

// Strict is Wait for a server that closes the connection instead, with 1008. It reports whether the message was not too early.
func (p *Pace) Strict(wb *server.Conn) bool {
	if p.take(time.Now()) > 0 {
		wb.SendClose(frame.StatusPolicyViolation, "too many messages")
		return false
	}
	return true
}

// take counts a message, and returns how much too early it is.
func (p *Pace) take(now time.Time) (early time.Duration) {
	if p.due.Before(now) {
		p.due = now
	}
	p.due = p.due.Add(p.Every)
	return p.due.Sub(now) - time.Duration(p.Burst)*p.Every
}
