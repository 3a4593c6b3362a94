package handshake

import (
	"net/http"

	"resty.websocket/internal/http1"
)

// check decides about a request, and makes a the answer to it. It does not write, read or
// hijack anything.
func (s *Server) check(r *http.Request, a *answer) *Error {
	if err := s.checkConfig(); err != nil {
		return err
	}
	if err := checkRequest(r); err != nil {
		return err
	}
	var problem string
	if a.protocol, problem = chooseProtocol(s.Protocols, r.Header[headerProtocol]); problem != "" {
		err := badRequest("sec-websocket-protocol", section41)
		err.Reason += ": " + problem
		return err
	}
	var ok bool
	if a.deflate, a.compress, ok = s.Deflate.negotiate(r.Header[headerExtensions]); !ok {
		return badRequest("sec-websocket-extensions", section91)
	}
	a.key = r.Header[headerKey][0]
	return s.checkOrigin(r)
}

// checkConfig refuses every request if a field of s is not valid.
func (s *Server) checkConfig() *Error {
	if problem := s.problem(); problem != "" {
		return &Error{Status: http.StatusInternalServerError, Reason: problem}
	}
	return nil
}

// problem returns what is wrong with s, "" if nothing is.
func (s *Server) problem() string {
	if len(s.Header) > 0 {
		if problem := badHeader(s.Header, reservedInResponse); problem != "" {
			return "bad response header: " + problem
		}
	}
	for _, pattern := range s.Origins {
		if _, ok := parsePattern(pattern); !ok {
			return "bad Origins: " + http1.Printable(pattern) + " is not scheme://host or scheme://host:port"
		}
	}
	if problem := s.Deflate.problem(); problem != "" {
		return badDeflate + problem
	}
	return ""
}

// checkRequest holds r against the list of Section 4.2.1, in that order.
func checkRequest(r *http.Request) *Error {
	if err := checkForm(r); err != nil {
		return err
	}
	return checkFields(r.Header)
}

// checkForm is checkRequest for all but the fields that make r a handshake.
func checkForm(r *http.Request) *Error {
	switch {
	case r.ProtoMajor > 1:
		err := badLine(http.StatusHTTPVersionNotSupported, "bad http version: ", r.Proto)
		err.Reason, err.Section = err.Reason+" has no Upgrade", ""
		return err
	case !r.ProtoAtLeast(1, 1):
		return badLine(http.StatusBadRequest, "bad http version: ", r.Proto)
	case r.Method != http.MethodGet:
		return badLine(http.StatusMethodNotAllowed, "bad method: ", r.Method)
	case r.ContentLength != 0 || len(r.TransferEncoding) > 0:
		// The body could not be told from the first frames.
		return &Error{Status: http.StatusBadRequest, Reason: "request with a body"}
	case r.Host == "":
		return badRequest("host", section421)
	}
	return nil
}

// checkFields is checkRequest for those fields. Lists may be spread over several lines. Key
// and version must not be repeated.
func checkFields(h http.Header) *Error {
	key, version := h[headerKey], h[headerVersion]
	switch {
	case !listContains(h["Upgrade"], "websocket"):
		err := badRequest("upgrade", section421)
		err.Reason += ": " + quote(h["Upgrade"])
		if len(h["Upgrade"]) == 0 { // a plain GET, of a browser or a health check
			err.Reason = "not a WebSocket handshake: " + err.Reason
		}
		return err
	case !listContains(h["Connection"], "upgrade"):
		return badRequest("connection", section421)
	case len(key) != 1 || !validKey(key[0]):
		return badRequest("sec-websocket-key", section421)
	case len(version) > 1:
		return badRequest("sec-websocket-version", "RFC 6455, Section 11.3.5")
	case len(version) == 0 || version[0] != "13":
		err := badRequest("sec-websocket-version", section422)
		err.Status = http.StatusUpgradeRequired
		return err
	}
	return nil
}
