// Stream sends one long message over a connection with this library, with gorilla and with coder, and reports how they
// compare. It runs on Linux.
//
//	go run ./stream                       # 1 GiB, 3 rounds: some minutes
//	go run ./stream -mib 64 -libs resty   # less
//
// Each measurement has a process of its own, which is both ends of a TCP connection. The sender writes pieces of 32 KiB
// of JSON, and the receiver reads into a buffer of 32 KiB, with the libraries' streams. Compression is at level 1. The
// libraries take turns, and the table has the medians of the rounds.
//
// The resident memory is the peak during the message less that of the idle connection before it, and is that of both
// ends. The allocations are those of the process over the message, for each piece of 32 KiB.
package main
