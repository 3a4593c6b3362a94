package handshake

// An Agreement is what client and server agreed on.
type Agreement struct {
	// Protocol is the subprotocol, empty for none.
	Protocol string

	// Deflate holds what was agreed on for permessage-deflate, with the window bits
	// filled in and one's own Level and Threshold. It is nil if there is to be no
	// compression.
	Deflate *Deflate
}
