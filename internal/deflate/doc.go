// Package deflate compresses and decompresses the messages of the WebSocket
// extension permessage-deflate (RFC 7692) with compress/flate. It knows nothing
// of connections, frames and negotiation: a [Compressor] turns a message into a
// payload, a [Decompressor] a payload into a message.
package deflate
