package auth

import (
	"net/http"
	"strings"
)

// bearer begins the subprotocol that has the token.
const bearer = "bearer."

// Subprotocol returns a handler that lets a request through to h if one of the subprotocols that it offers is "bearer." and a
// valid token. In the page:
//
//	new WebSocket(url, ["chat.v1", "bearer." + token])
//
// A subprotocol has letters, digits and !#$%&'*+-.^_`|~ only. JWTs and unpadded base64url fit.
//
// Protocols of h must have "chat.v1", without the token: a browser closes a connection whose server chooses none of
// its subprotocols, and the token has no business in the response.
func Subprotocol(token Verifier, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var user string
		ok := false
		for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
			for offered := range strings.SplitSeq(line, ",") {
				if secret, found := strings.CutPrefix(strings.TrimSpace(offered), bearer); found && !ok {
					user, ok = token(secret)
				}
			}
		}
		serveAs(h, w, r, user, ok)
	})
}
