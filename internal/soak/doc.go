// Package soak lets honest clients use an echo server beside hostile peers that
// do to it what has broken others: garbage, half frames and silence, floods,
// resets, huge lengths, text that is not UTF-8, half-closed connections, peers
// that stop reading.
//
// The honest clients must lose nothing and notice little. When all are gone,
// the server must be as it was before: as many goroutines, as much memory.
//
// Server, hostile peers and honest clients are three processes, all of them
// the test binary. That of the hostile peers computes on one core at most. go test
// runs them for a few seconds, and prints times without judging them. A release must
// pass
//
//	go test ./internal/soak -run Hostile -v -timeout 20m -args -hostile 2000 -honest 200 -for 5m -ratio 3
//
// A second soak has clients that compress, on both sides with context takeover,
// and a server that may not use more than 256 MiB. Nothing may be lost.
//
//	go test ./internal/soak -run Compressing -v -timeout 10m -args -compressing 500 -for 2m
package soak
