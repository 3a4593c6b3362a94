package auth

import (
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/frame"
	"resty.websocket/server"
)

func TestTicketsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tickets Tickets
		early, late := tickets.Issue("Ann"), tickets.Issue("Ann")
		<-time.After(ticketLife - 1)
		if user, ok := tickets.redeem(early); !ok || user != "Ann" {
			t.Errorf("a ticket in its last moment: %q, %t", user, ok)
		}
		<-time.After(1)
		if _, ok := tickets.redeem(late); ok {
			t.Error("a ticket is valid after its time")
		}
		for range 10 {
			tickets.Issue("Bob")
			<-time.After(ticketLife / 2)
		}
		if n := len(tickets.issued); n > 3 {
			t.Errorf("%d tickets are kept", n)
		}
	})
}

func TestFirstMessageMissing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := server.Handler(nil, FirstMessage(func(string) (string, bool) { return "", true }, func(*server.Conn, string) {
			t.Error("somebody without a token is served")
		}))
		wb, _, err := inmemory.Connect(h, "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		defer wb.Close()
		begun := time.Now()
		if _, _, err := wb.RecvMessage(); frame.CloseCode(err) != frame.StatusPolicyViolation {
			t.Errorf("%v, want 1008", err)
		}
		if took := time.Since(begun); took != firstMessageTime {
			t.Errorf("closed after %v", took)
		}
	})
}
