package handshake

import (
	"net/http"

	"resty.websocket/internal/http1"
)

// check decides about a request. It does not write, read or hijack anything.
func (s *Server) check(r *http.Request) (answer, *Error) {
	if err := s.checkConfig(); err != nil {
		return answer{}, err
	}
	if err := checkRequest(r); err != nil {
		return answer{}, err
	}
	protocol, problem := chooseProtocol(s.Protocols, r.Header[headerProtocol])
	if problem != "" {
		err := badRequest("sec-websocket-protocol", section41)
		err.Reason += ": " + problem
		return answer{}, err
	}
	deflate, accepted, ok := s.Deflate.negotiate(r.Header[headerExtensions])
	if !ok {
		return answer{}, badRequest("sec-websocket-extensions", section91)
	}
	if err := s.checkOrigin(r); err != nil {
		return answer{}, err
	}
	return answer{r.Header[headerKey][0], protocol, accepted, deflate}, nil
}

// checkConfig refuses every request if a field of s is not valid.
func (s *Server) checkConfig() *Error {
	if problem := badHeader(s.Header, reservedInResponse); problem != "" {
		return &Error{Status: http.StatusInternalServerError, Reason: "bad response header: " + problem}
	}
	for _, pattern := range s.Origins {
		if _, ok := parsePattern(pattern); !ok {
			return &Error{
				Status: http.StatusInternalServerError,
				Reason: "bad Origins: " + http1.Printable(pattern) + " is not scheme://host or scheme://host:port",
			}
		}
	}
	if problem := s.Deflate.problem(); problem != "" {
		return &Error{Status: http.StatusInternalServerError, Reason: badDeflate + problem}
	}
	return nil
}

// checkRequest holds r against the list of Section 4.2.1, in that order. Lists may
// be spread over several lines. Key and version must not be repeated.
func checkRequest(r *http.Request) *Error {
	h := r.Header
	key, version := h[headerKey], h[headerVersion]
	switch {
	case r.ProtoMajor > 1:
		return &Error{
			Status: http.StatusHTTPVersionNotSupported,
			Reason: "bad http version: " + http1.Printable(r.Proto) + " has no Upgrade",
		}
	case !r.ProtoAtLeast(1, 1):
		return &Error{
			Status:  http.StatusBadRequest,
			Reason:  "bad http version: " + http1.Printable(r.Proto),
			Section: section421,
		}
	case r.Method != http.MethodGet:
		return &Error{
			Status:  http.StatusMethodNotAllowed,
			Reason:  "bad method: " + http1.Printable(r.Method),
			Section: section421,
		}
	case r.ContentLength != 0 || len(r.TransferEncoding) > 0:
		// The body could not be told from the first frames.
		return &Error{Status: http.StatusBadRequest, Reason: "request with a body"}
	case r.Host == "":
		return badRequest("host", section421)
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
