package deflate

import "errors"

// What is wrong with a compressed message. The close code (RFC 6455, Section
// 7.4.1) to answer with is named at each.
var (
	// ErrCorrupt: the payload is no DEFLATE data, or refers back to bytes that
	// never were or are outside the window kept, or has more than 4096 final
	// blocks, which no sender has a use for. 1007.
	ErrCorrupt = errors.New("deflate: corrupt data (RFC 1951)")

	// ErrTruncated: the payload ends within a block, or without the header of
	// the empty stored block that ends a message. 1007.
	ErrTruncated = errors.New("deflate: message ends inside a block (RFC 7692, Section 7.2.2)")

	// ErrTooLarge: the message inflates beyond the limit. 1009.
	ErrTooLarge = errors.New("deflate: message inflates beyond the limit")
)
