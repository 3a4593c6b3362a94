// Package auth has four ways to know the user of a browser's WebSocket. A page cannot set the header of the handshake, so
// that Authorization is not one of them:
//
//   - [Cookie] is for pages of the server's own site. The check of the Origin must stay on, because browsers send the cookie
//     for any page.
//   - [Tickets] are for pages of other sites: the page asks for a ticket over HTTP, and has it in the URL.
//   - [Subprotocol] takes a token that the page has already, as one of the subprotocols.
//   - [FirstMessage] takes a token too, when the connection is open. It also is for programs that change users on a connection.
//
// The first three refuse the handshake with 401.
package auth

import (
	"context"
	"net/http"

	"resty.websocket/server"
)

// A Verifier returns the user that a session or a token stands for, and whether it is valid.
type Verifier func(secret string) (user string, ok bool)

type userKey struct{}

// UserOf returns the user of a connection that came by Cookie, Tickets or Subprotocol.
func UserOf(wb *server.Conn) string {
	user, _ := wb.Request().Context().Value(userKey{}).(string)
	return user
}

// serveAs calls h for a user, or refuses the request.
func serveAs(h http.Handler, w http.ResponseWriter, r *http.Request, user string, ok bool) {
	if !ok {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), userKey{}, user)))
}
