package handshake

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// The rules a second time, for the fuzz targets: written to be seen right, with no
// thought of speed, and with nothing of the package's own code.

const naiveToken = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"

var (
	naiveQuoted    = `"(?:\\?[!#$%&'*+.^_` + "`" + `|~0-9A-Za-z-])+"`
	naiveExtension = naiveToken + `(?:[ \t]*;[ \t]*` + naiveToken + `(?:[ \t]*=[ \t]*(?:` + naiveToken + `|` + naiveQuoted + `))?)*`

	protocolList  = naiveList(naiveToken)
	extensionList = naiveList(naiveExtension)
	spaces        = regexp.MustCompile(`[ \t]+`)
)

// naiveList is RFC 2616's 1#element.
func naiveList(element string) *regexp.Regexp {
	return regexp.MustCompile(`^[ \t,]*` + element + `(?:[ \t]*,[ \t,]*` + element + `)*[ \t,]*$`)
}

// naiveElements splits all lines of a header field at their commas.
func naiveElements(lines []string) (elements []string) {
	for element := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		if element = strings.Trim(element, " \t"); element != "" {
			elements = append(elements, element)
		}
	}
	return elements
}

func naiveContains(lines []string, token string) bool {
	return slices.ContainsFunc(naiveElements(lines), func(element string) bool {
		return strings.ToLower(element) == token && len(element) == len(token)
	})
}

// naiveCheck reports whether r is a handshake of RFC 6455, Section 4.2.1, from the
// server's own origin.
func naiveCheck(r *http.Request) bool {
	h := r.Header
	keys := h.Values("Sec-WebSocket-Key")
	if len(keys) != 1 {
		return false
	}
	nonce, err := base64.StdEncoding.DecodeString(keys[0])
	protocols, extensions := h.Values("Sec-WebSocket-Protocol"), h.Values("Sec-WebSocket-Extensions")
	offered := naiveElements(protocols)
	slices.Sort(offered)
	return r.Method == "GET" && r.ProtoMajor == 1 && r.ProtoMinor >= 1 && r.Host != "" &&
		r.ContentLength == 0 && r.TransferEncoding == nil &&
		naiveContains(h.Values("Upgrade"), "websocket") &&
		naiveContains(h.Values("Connection"), "upgrade") &&
		err == nil && len(nonce) == 16 && !strings.ContainsAny(keys[0], "\r\n") &&
		slices.Equal(h.Values("Sec-WebSocket-Version"), []string{"13"}) &&
		(protocols == nil || protocolList.MatchString(strings.Join(protocols, ","))) &&
		len(offered) <= 100 && len(slices.Compact(offered)) == len(naiveElements(protocols)) &&
		(extensions == nil || extensionList.MatchString(strings.Join(extensions, ","))) &&
		naiveOrigin(r)
}

func naiveOrigin(r *http.Request) bool {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return true
	}
	scheme, host, ok := strings.Cut(origins[0], "://")
	scheme = asciiLower(scheme)
	if len(origins) != 1 || !ok || scheme != "http" && scheme != "https" {
		return false
	}
	full := func(host string) string {
		host = strings.TrimSuffix(host, ":")
		if !regexp.MustCompile(`:[^\]]*$`).MatchString(host) {
			host += map[string]string{"http": ":80", "https": ":443"}[scheme]
		}
		return host
	}
	return asciiLower(full(host)) == asciiLower(full(r.Host))
}

const naiveHost = `(?i:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)`

// naivePattern is the form of a Server's Origins but for IPv6 addresses: scheme, host
// and port.
var naivePattern = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*)://((?:\*\.)?` + naiveHost + `)(?::([1-9][0-9]{0,4}))?$`)

// naiveMatch reports whether a pattern of that form stands for an origin, by a regular
// expression that is made of it.
func naiveMatch(pattern, origin string) bool {
	m := naivePattern.FindStringSubmatch(pattern)
	scheme, host, port := asciiLower(m[1]), asciiLower(m[2]), m[3]
	standard := map[string]string{"http": "80", "https": "443"}[scheme]
	if port == "" {
		port = standard
	}
	suffix := ":" + port
	switch {
	case port == "":
		suffix = ":?"
	case port == standard:
		suffix = "(?::|" + suffix + ")?"
	}
	host, wild := strings.CutPrefix(host, "*.")
	host = regexp.QuoteMeta(host)
	if wild {
		host = naiveHost + `\.` + host
	}
	return regexp.MustCompile(`^` + regexp.QuoteMeta(scheme) + "://" + host + suffix + "$").MatchString(asciiLower(origin))
}

func asciiLower(s string) string {
	return regexp.MustCompile("[A-Z]+").ReplaceAllStringFunc(s, strings.ToLower)
}

// naiveChoice returns the first of own that r offers.
func naiveChoice(r *http.Request, own []string) string {
	for _, protocol := range own {
		if slices.Contains(naiveElements(r.Header.Values("Sec-WebSocket-Protocol")), protocol) {
			return protocol
		}
	}
	return ""
}

// naiveOffers returns the parameters of each permessage-deflate in well-formed
// lines. A parameter that has no value has "none".
func naiveOffers(lines []string) (offers []url.Values) {
	text := strings.NewReplacer(`"`, "", `\`, "").Replace(strings.Join(lines, ","))
	for element := range strings.SplitSeq(spaces.ReplaceAllString(text, ""), ",") {
		name, rest, _ := strings.Cut(element, ";")
		if name != "permessage-deflate" {
			continue
		}
		offer := url.Values{}
		for p := range strings.SplitSeq(rest, ";") {
			if name, value, hasValue := strings.Cut(p, "="); hasValue {
				offer.Add(name, value)
			} else if p != "" {
				offer.Add(name, "none")
			}
		}
		offers = append(offers, offer)
	}
	return offers
}

// naiveAllows reports whether offer is valid and allows what was agreed, in
// RFC 7692's table of who may answer what.
func naiveAllows(offer url.Values, agreed *Deflate, response deflateParams) bool {
	bits := []string{"8", "9", "10", "11", "12", "13", "14", "15"}
	for name, values := range offer {
		ok := false
		switch name {
		case "server_no_context_takeover":
			ok = values[0] == "none" && response.serverNoContextTakeover
		case "client_no_context_takeover":
			ok = values[0] == "none"
		case "server_max_window_bits":
			i := slices.Index(bits, values[0])
			ok = i >= 0 && agreed.ServerMaxWindowBits <= i+8 && response.serverMaxWindowBits != 0
		case "client_max_window_bits":
			i := slices.Index(bits, values[0])
			ok = values[0] == "none" || i >= 0 && agreed.ClientMaxWindowBits <= i+8
		}
		if !ok || len(values) > 1 {
			return false
		}
	}
	return offer.Has("client_max_window_bits") || response.clientMaxWindowBits == 0
}
