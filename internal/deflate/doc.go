// Package deflate compresses and decompresses the messages of the WebSocket
// extension permessage-deflate (RFC 7692). It knows nothing of connections,
// frames and negotiation: a [Compressor] turns a message into a payload, a
// [Decompressor] a payload into a message. compress/flate does the work; what is
// here is what it leaves to its caller: messages instead of streams, windows
// below 32 KiB, a bound on the memory of encoders, and on what a payload costs.
//
// # Compressing
//
// Compress gives the whole payload of a message, to be sent in one frame or cut
// anywhere, with RSV1 set on the first. It declines where the payload would not
// be shorter than the message, which is then sent as it is.
//
// compress/flate cannot take back what it has encoded. Where context is taken
// over, an encoder that was started in vain is therefore given up, and the next
// message starts afresh; bytes that look random are declined before it is
// started.
//
// A window below 15 bits is kept to by encoding no more than its size at a time,
// each piece on its own; one of 8 bits by Huffman coding alone, which looks back
// not at all and gives payloads of the same length. Such a window is not taken
// over: each message starts afresh, as a sender may.
//
// # Decompressing
//
// Decompress takes the payload with its fragments put together. It accepts
// blocks of every type, in any number, up to 4096 final ones among them (RFC
// 7692, Section 7.2.3.4), and ends at the limit with [ErrTooLarge]; compress/flate
// has then inflated at most 32 KiB beyond.
//
// It accepts two payloads that the letter does not have, because senders produce
// them: no octets at all as an empty message, and an end right after a final
// block. As the letter has it, the four octets put back are data like any others:
// they complete a stored block that lacks just these. A distance beyond a small
// window is refused where it reaches into the messages before, of which no more
// than the window is kept; within a message compress/flate does not tell.
//
// # Costs
//
// Level 1 is the default. CPU time and length of the payload of messages of JSON
// records, on one 2-core machine (go test -bench Compress ./internal/deflate):
//
//	             200 bytes       1 KiB           64 KiB
//	no takeover
//	level -2      8 µs, 153 B     7 µs, 642 B     130 µs, 38966 B
//	level 1       8 µs, 131 B    12 µs, 294 B     149 µs, 12628 B
//	level 2      16 µs, 129 B    16 µs, 289 B     265 µs, 11759 B
//	level 6      14 µs, 129 B    15 µs, 283 B     872 µs, 10788 B
//	level 9      20 µs, 129 B    16 µs, 282 B    2573 µs, 10207 B
//	takeover
//	level 1       7 µs,  92 B    11 µs, 279 B     216 µs, 12628 B
//	level 2       6 µs,  52 B    11 µs, 214 B     251 µs, 11528 B
//	level 6      11 µs,  46 B    30 µs, 196 B    1366 µs, 10525 B
//
// Without takeover, levels above 1 clear 650 KB before each message (7 µs). With
// it, level 1 remembers little beyond the last message, and nothing after one of
// less than 128 bytes: level 2 is the better choice there. A window of 12 bits
// adds 10 percent to the payload of 64 KiB and doubles the time; 10 bits add 50
// percent and take four times as long, 9 bits 105 percent and seven times.
//
// Inflating the payloads of level 1 takes 3, 4 and 127 µs, and 1 µs more with
// takeover. The worst 1 MiB of payload found so far, dynamic blocks of no bytes with
// many codes longer than 9 bits, takes 1.4 s and leaves 1.2 GB of garbage in 4
// million allocations: flate.Reader makes 128 tables for each block of 33 bytes. Who
// reads from strangers and cannot bear that has to lower the limit of a message.
//
// Nothing is allocated for a message but the payload or the message itself, where
// dst has no room for it, and what flate.Reader allocates: for a block with codes
// longer than 9 bits tables of those, of some hundred bytes (none in the messages
// of 200 bytes and 1 KiB above, 7 allocations in that of 64 KiB).
//
// # Memory
//
// What works is pooled and belongs to no connection: 1.2 MB for an encoder of
// level 1, 0.8 MB for others, 41 KB for a decoder. An idle connection holds, in
// bytes, its Compressor and Decompressor included (go test -v -run IdleMemory):
//
//	no takeover by the peer     104
//	takeover, 9 bits            615
//	takeover, 12 bits         4,191
//	takeover, 15 bits        32,862 (less until 32 KiB have been received)
//
// Taking context over towards the peer adds nothing to this: the encoders stay in
// a [Cache] of 32 MiB for the process, for the 27 connections that compressed
// last at level 1, or 40 at levels above. The others lose theirs and start afresh
// with the next message, and so does who has not compressed for 5 to 10 seconds.
// No number of connections makes it grow. Close gives up encoder and window at
// once.
//
// # Concurrency
//
// One goroutine at a time may use a Compressor or a Decompressor, save that a
// Compressor may be closed while it works. A Cache is safe for any number.
//
// # Errors
//
// Only peers cause errors: [ErrCorrupt] and [ErrTruncated] (1007), and
// [ErrTooLarge] (1009). None is allocated when it occurs.
package deflate
