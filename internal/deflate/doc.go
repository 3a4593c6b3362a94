// Package deflate compresses and decompresses the messages of the WebSocket
// extension permessage-deflate (RFC 7692). A [Compressor] turns a message into a
// payload, and a [Decompressor] turns a payload into a message. Connections, frames
// and negotiation are the caller's.
//
// compress/flate does the work. This package adds messages instead of streams,
// windows below 32 KiB, a bound on the memory of encoders, and a bound on the cost of
// a payload.
//
// # Compressing
//
// Compress returns the whole payload of a message. The caller sends it in one frame
// or in fragments cut anywhere, and sets RSV1 on the first. Compress declines if the
// payload would not be shorter than the message. The caller then sends the message
// uncompressed.
//
// compress/flate cannot take back what it has encoded. With context takeover, a
// Compressor that declines after encoding therefore drops its encoder, and the next
// message starts with an empty window. Messages that look random are declined before
// they are encoded, and leave the window as it is.
//
// compress/flate's encoders have a window of 15 bits. For a smaller one, a message is
// encoded in pieces of the size of the window, none of which refers to another. For a
// window of 8 bits the message is Huffman coded without any references, which gives
// payloads of the same length. A window below 15 bits is not taken over: each message
// starts with an empty one, as a sender may.
//
// # Decompressing
//
// Decompress takes the whole payload, its fragments joined. It accepts any number of
// blocks of every type, up to 4096 final ones among them (RFC 7692, Section 7.2.3.4).
// It stops with [ErrTooLarge] at the limit, when compress/flate has inflated at most
// 32 KiB beyond.
//
// Decompress accepts two payloads that the RFC does not define, because senders
// produce them: no octets at all is an empty message, and a message may end right
// after a final block. The four octets that a receiver appends are data like any
// others, as the RFC has it: they complete a stored block that lacks exactly these.
//
// A distance beyond a smaller window is an error if it reaches into the messages
// before, because only the window is kept of them. Within a message compress/flate
// does not report it.
//
// # Pieces
//
// A [Writer] compresses a message and a [Reader] decompresses a payload in pieces, so
// that neither has to be in memory as a whole. Messages before and after may be whole or
// in pieces. While its message lasts, a Writer holds an encoder, and a Reader holds a
// decoder, a buffer of 64 KiB and the stack of a coroutine.
//
// # Costs
//
// Level 1 is the default. CPU time and length of the payload of messages of JSON
// records, with Go 1.27 on one 2-core machine (go test -bench Compress
// ./internal/deflate):
//
//	             200 bytes       1 KiB           64 KiB
//	no takeover
//	level -2      6 µs, 153 B     8 µs, 642 B     131 µs, 38966 B
//	level 1       7 µs, 129 B    11 µs, 291 B     170 µs, 11927 B
//	level 2       7 µs, 129 B    11 µs, 288 B     281 µs, 11787 B
//	level 6       8 µs, 130 B    14 µs, 282 B     348 µs, 10373 B
//	level 9      23 µs, 129 B    33 µs, 281 B    3003 µs,  9994 B
//	takeover
//	level 1       5 µs,  57 B    10 µs, 220 B     171 µs, 11927 B
//	level 2       6 µs,  55 B    10 µs, 217 B     281 µs, 11788 B
//	level 6       6 µs,  49 B    16 µs, 193 B     399 µs, 10374 B
//	level 9      19 µs,  45 B    67 µs, 183 B    3064 µs,  9709 B
//
// Up to level 6, a message of less than 128 bytes contains no references, and the
// encoder forgets its window. A message in which nothing repeats is sent uncompressed,
// although Huffman coding would halve hexadecimal digits. Go 1.26 has other encoders.
// Its level 1 remembers little beyond the last message, and gives 92, 279 and 12628
// bytes with takeover. Its levels above clear 650 KB (7 µs) before each message
// without takeover.
//
// A window of 12 bits makes the payload of 64 KiB 14 percent longer and takes twice
// the time. One of 10 bits adds 58 percent and takes four times as long, one of 9
// bits 113 percent and eight times.
//
// Inflating the payloads of level 1 takes 3, 4 and 127 µs, and 1 µs more with
// takeover. The worst 1 MiB of payload found so far takes 1.4 s and leaves 1.2 GB of
// garbage in 4 million allocations. It consists of empty dynamic blocks of 33 bytes
// with many codes longer than 9 bits, and flate.Reader makes 128 tables for each. A
// server that cannot afford that must set a lower limit on the length of a message.
//
// A message allocates its own payload, or itself, if dst has no room for it.
// flate.Reader also allocates some hundred bytes for each table of codes longer than
// 9 bits: no table for the messages of 200 bytes and 1 KiB above, 7 for that of 64 KiB.
//
// # Memory
//
// Encoders and decoders are pooled and belong to no connection. An encoder of level 1
// takes 0.8 MB, others up to 1.2 MB (with Go 1.26 the other way round), and a decoder
// 41 KB. An idle connection holds, in bytes, its Compressor and Decompressor included
// (go test -v -run IdleMemory ./internal/deflate):
//
//	no takeover by the peer     104
//	takeover, 9 bits            615
//	takeover, 12 bits         4,191, compressed   990
//	takeover, 15 bits        32,862, compressed 6,621 (less until 32 KiB have been received)
//
// CompressWindow compresses a window of JSON to a fifth, 32 KiB in 65 µs (105 with Go
// 1.26). The next message takes 75 µs longer (90) and allocates the 32 KiB anew (go
// test -bench CompressWindow ./internal/deflate).
//
// Takeover towards the peer adds nothing to this. Its encoders stay in a [Cache] of 32
// MiB for the process, which has room for 40 connections at level 1 and 27 at levels
// above, however many connections there are. The connections that compressed last
// keep their encoders, for 5 to 10 seconds. The others start with an empty window at
// the next message. Close gives up encoder and window at once.
//
// # Concurrency
//
// One goroutine at a time may use a Compressor or a Decompressor, except that a
// Compressor may be closed while it compresses. Multiple goroutines may use a Cache
// simultaneously.
//
// # Errors
//
// Only peers cause errors: [ErrCorrupt] and [ErrTruncated] (close code 1007), and
// [ErrTooLarge] (1009). Returning one allocates nothing.
package deflate
