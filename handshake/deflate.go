package handshake

import (
	"cmp"
	"compress/flate"
	"fmt"

	"resty.websocket/internal/deflate"
)

// Deflate holds the parameters of permessage-deflate (RFC 7692): as an option those that
// a side asks for, in an Agreement those that were agreed. The zero value compresses with
// context takeover and windows of 32 KiB in both directions.
//
// In an Agreement the window bits are filled in, 8 to 15. Level and Threshold are never
// negotiated: each side has its own.
//
// This side keeps to a window of less than 15 bits by starting its compressor afresh
// within a message, at level 1, and does not keep such a window from one message to the
// next: it saves the peer memory, and costs compression.
type Deflate struct {
	// Level is compress/flate's: 1 is fastest, 9 compresses best, -1 is flate's
	// default, -2 is Huffman coding alone. If zero, 1 is used.
	Level int

	// Threshold is the length in bytes below which a message is sent as it is. If
	// zero, 512 is used where each message is compressed on its own, 128 where
	// context takeover helps short ones. If negative, all messages are compressed.
	Threshold int

	// ServerNoContextTakeover makes the server compress each message on its own,
	// so that neither side keeps a window between messages for this direction. A
	// client that wants it fails the handshake if the server does not agree.
	ServerNoContextTakeover bool

	// ClientNoContextTakeover is the same for what the client sends. The server
	// decides; a client that sets it keeps to it in any case.
	ClientNoContextTakeover bool

	// ServerMaxWindowBits limits the window of what the server sends, 8 to 15 bits;
	// zero means 15. A client that sets less than 15 fails the handshake if the
	// server does not agree.
	ServerMaxWindowBits int

	// ClientMaxWindowBits limits the window of what the client sends, 8 to 15 bits;
	// zero means 15. A server that sets less than 15 accepts only the offers of
	// clients that let it. A client that sets it keeps to it in any case.
	ClientMaxWindowBits int
}

// badDeflate begins the text for a Deflate with a problem.
const badDeflate = "bad permessage-deflate parameters: "

// problem returns which value is out of range, "" if all are in range or d is nil.
func (d *Deflate) problem() string {
	if d == nil {
		return ""
	}
	return cmp.Or(
		outside("Level", d.Level, flate.HuffmanOnly, flate.BestCompression),
		outside("ServerMaxWindowBits", d.ServerMaxWindowBits, deflate.MinWindowBits, deflate.MaxWindowBits),
		outside("ClientMaxWindowBits", d.ClientMaxWindowBits, deflate.MinWindowBits, deflate.MaxWindowBits),
	)
}

// outside says that n is neither zero nor within limits, "" if it is.
func outside(name string, n, least, most int) string {
	if n == 0 || n >= least && n <= most {
		return ""
	}
	return fmt.Sprintf("%s is %d, not %d to %d", name, n, least, most)
}

// accept answers an offer of permessage-deflate. ok is false if the server has to
// decline it (RFC 7692, Section 7.1). The offer's own parameters are valid. A window of
// any size is accepted, since package deflate keeps to all of them.
func (d *Deflate) accept(offer deflateParams) (response deflateParams, ok bool) {
	serverBits := min(limit(d.ServerMaxWindowBits), limit(offer.serverMaxWindowBits))
	clientBits := min(limit(d.ClientMaxWindowBits), limit(offer.clientMaxWindowBits))
	// "If a received extension negotiation offer doesn't have the
	// 'client_max_window_bits' extension parameter, the corresponding extension
	// negotiation response to the offer MUST NOT include" it: there is no way to
	// limit this client (Section 7.1.2.2).
	if clientBits < deflate.MaxWindowBits && offer.clientMaxWindowBits == 0 {
		return deflateParams{}, false
	}
	response.serverNoContextTakeover = d.ServerNoContextTakeover || offer.serverNoContextTakeover
	response.clientNoContextTakeover = d.ClientNoContextTakeover || offer.clientNoContextTakeover
	// "A server accepts an extension negotiation offer with this parameter by
	// including" it, whatever the value (Section 7.1.2.1).
	if serverBits < deflate.MaxWindowBits || offer.serverMaxWindowBits != 0 {
		response.serverMaxWindowBits = serverBits
	}
	if clientBits < deflate.MaxWindowBits {
		response.clientMaxWindowBits = clientBits
	}
	return response, true
}

// offer returns what a client offers. Naming client_max_window_bits without a value
// lets the server set a limit.
func (d *Deflate) offer() deflateParams {
	offer := deflateParams{
		serverNoContextTakeover: d.ServerNoContextTakeover,
		clientNoContextTakeover: d.ClientNoContextTakeover,
		clientMaxWindowBits:     noValue,
	}
	if limit(d.ServerMaxWindowBits) < deflate.MaxWindowBits {
		offer.serverMaxWindowBits = d.ServerMaxWindowBits
	}
	if limit(d.ClientMaxWindowBits) < deflate.MaxWindowBits {
		offer.clientMaxWindowBits = d.ClientMaxWindowBits
	}
	return offer
}

// confirms reports whether response, valid by itself, keeps to what d's offer asked
// of the server, and asks of the client nothing but what the offer allows.
func (d *Deflate) confirms(response deflateParams) bool {
	return response.clientMaxWindowBits != noValue && // only an offer may leave it open
		response.clientMaxWindowBits <= limit(d.ClientMaxWindowBits) &&
		limit(response.serverMaxWindowBits) <= limit(d.ServerMaxWindowBits) &&
		(response.serverNoContextTakeover || !d.ServerNoContextTakeover)
}

// agreed returns what holds after response. A limit that a client has taken upon itself
// holds even if the server did not repeat it.
func (d *Deflate) agreed(response deflateParams) *Deflate {
	return &Deflate{
		Level:                   d.Level,
		Threshold:               d.Threshold,
		ServerNoContextTakeover: response.serverNoContextTakeover,
		ClientNoContextTakeover: response.clientNoContextTakeover || d.ClientNoContextTakeover,
		ServerMaxWindowBits:     limit(response.serverMaxWindowBits),
		ClientMaxWindowBits:     min(limit(response.clientMaxWindowBits), limit(d.ClientMaxWindowBits)),
	}
}

// limit returns the window bits that a field or a parameter stands for. One that is not
// there, or has no value, stands for all of them.
func limit(bits int) int {
	if bits <= 0 {
		return deflate.MaxWindowBits
	}
	return bits
}
