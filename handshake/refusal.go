package handshake

import (
	"net/http"

	"resty.websocket/internal/http1"
)

// The sections that most refusals name.
const (
	section41  = "RFC 6455, Section 4.1"
	section421 = "RFC 6455, Section 4.2.1"
	section422 = "RFC 6455, Section 4.2.2"
	section91  = "RFC 6455, Section 9.1"
	section102 = "RFC 6455, Section 10.2"
)

// badRequest returns a refusal because of one header field, in Lua's words. It is not
// inlined: the requests that are not refused need no stack for it, which on a new
// goroutine would have to grow.
//
//go:noinline
func badRequest(name, section string) *Error {
	return &Error{
		Status:  http.StatusBadRequest,
		Reason:  `bad "` + name + `" request header`,
		Section: section,
	}
}

// badLine returns a refusal because of a part of the request line. It is not inlined either.
//
//go:noinline
func badLine(status int, reason, part string) *Error {
	return &Error{Status: status, Reason: reason + http1.Printable(part), Section: section421}
}

// badResponse returns a client's error because of one header field.
func badResponse(name, section string) *Error {
	return &Error{Reason: `bad "` + name + `" response header`, Section: section}
}

// refuse answers with err.Status and says why. It does not explain a mistake of the
// program's own to strangers.
func refuse(w http.ResponseWriter, err *Error) {
	text := err.Reason
	h := w.Header()
	switch err.Status {
	case http.StatusMethodNotAllowed:
		h.Set("Allow", http.MethodGet)
	case http.StatusUpgradeRequired:
		// "[…] and a |Sec-WebSocket-Version| header field indicating the version(s)
		// the server is capable of understanding." Upgrade is what RFC 9110, Section
		// 15.5.22, asks for in every 426.
		h.Set(headerVersion, "13")
		h.Set("Upgrade", "websocket")
		h.Set("Connection", "Upgrade")
	case http.StatusInternalServerError:
		text = http.StatusText(err.Status)
	}
	http.Error(w, text, err.Status)
}
