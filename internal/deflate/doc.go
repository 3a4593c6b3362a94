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
// Up to level 6, a message of less than 128 bytes ends the window, and one in which
// nothing repeats is sent as it is, although Huffman coding would make hexadecimal
// digits half as long. Go 1.26 has other encoders: of level 1, which then remembers
// little beyond the last message, with takeover 92, 279 and 12628 bytes; of the levels
// above, which clear 650 KB (7 µs) before a message where nothing is taken over.
//
// A window of 12 bits adds 14 percent to the payload of 64 KiB and doubles the time; 10
// bits add 58 percent and take four times as long, 9 bits 113 percent and eight times.
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
// What works is pooled and belongs to no connection: 0.8 MB for an encoder of
// level 1, up to 1.2 MB for others (with Go 1.26 the other way round), 41 KB for a
// decoder. An idle connection holds, in bytes, its Compressor and Decompressor
// included (go test -v -run IdleMemory):
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
// Taking context over towards the peer adds nothing to this: the encoders stay in
// a [Cache] of 32 MiB for the process, for the 40 connections that compressed
// last at level 1, or 27 at levels above. The others lose theirs and start afresh
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
