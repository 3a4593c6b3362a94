package deflate

import "errors"

// Errors of Decompress. Each comment ends with the close code to answer with (RFC 6455,
// Section 7.4.1).
var (
	// ErrCorrupt means that the payload is not DEFLATE data, that it refers to bytes
	// before the first message or outside the window kept, or that it has more than
	// 4096 final blocks, which no sender has a use for. 1007.
	ErrCorrupt = errors.New("deflate: corrupt data (RFC 1951)")

	// ErrTruncated means that the payload ends inside a block, or without the header
	// of the empty stored block that ends a message. 1007.
	ErrTruncated = errors.New("deflate: message ends inside a block (RFC 7692, Section 7.2.2)")

	// ErrTooLarge means that the message inflates beyond the limit. 1009.
	ErrTooLarge = errors.New("deflate: message inflates beyond the limit")
)
