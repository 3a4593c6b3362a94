package auth

import "net/http"

// Cookie returns a handler that lets a request through to h if its cookie of that name is a session's.
//
// Any page can open a WebSocket to any server, with the cookies of the user, and SameSite keeps only pages of other sites
// from it. The handler h must therefore check the Origin, as server.Handler does if CheckOrigin is not set. Pages of further
// origins belong into Origins.
func Cookie(name string, session Verifier, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var user string
		cookie, err := r.Cookie(name)
		ok := err == nil
		if ok {
			user, ok = session(cookie.Value)
		}
		serveAs(h, w, r, user, ok)
	})
}
