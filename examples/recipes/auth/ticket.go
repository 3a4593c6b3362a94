package auth

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"
)

// ticketLife is how long a ticket is valid: the time between the response that has it and the handshake.
const ticketLife = 30 * time.Second

// Tickets are valid once and for 30 seconds. URLs get into logs and histories, and a ticket that is found there is of no use.
// The zero value has none.
//
// A server of several processes must keep its tickets where all of them find them.
type Tickets struct {
	mu     sync.Mutex
	issued map[string]ticket
}

type ticket struct {
	user    string
	expires time.Time
}

// Issue returns a ticket for a user, whom the caller has authenticated. The page opens "wss://…?ticket=" with it.
func (t *Tickets) Issue(user string) string {
	now := time.Now()
	secret := rand.Text()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.issued == nil {
		t.issued = make(map[string]ticket)
	}
	for old, ticket := range t.issued {
		if now.After(ticket.expires) {
			delete(t.issued, old)
		}
	}
	t.issued[secret] = ticket{user, now.Add(ticketLife)}
	return secret
}

func (t *Tickets) redeem(secret string) (user string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := t.issued[secret]
	delete(t.issued, secret)
	return found.user, time.Now().Before(found.expires)
}

// Handler returns a handler that lets a request through to h if it has a ticket. CheckOrigin of h may accept all origins,
// because a page without a ticket gets nowhere.
func (t *Tickets) Handler(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, ok := t.redeem(r.URL.Query().Get("ticket"))
		serveAs(h, w, r, user, ok)
	})
}
