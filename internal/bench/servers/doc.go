// Package servers has one echo server for each library under test, each written the way that library's own
// documentation calls fastest, and the control line through which a server process reports what it used.
//
// # Likeness
//
// Every server reads whole messages, validates text where its library does that, and answers with the same opcode and bytes.
// Payload buffers are reused over messages wherever the library lets the caller bring one. All take messages of up to
// 1 MiB. None sets deadlines, unless some peers stop reading. Then each server does about them what its library's
// examples do. Those that compress do so at level 1, each with the compressor that it comes with.
package servers
