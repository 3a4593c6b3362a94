// Package load is the client side of the benchmarks. It belongs to no WebSocket library: it writes bytes that were
// prepared before the clock started and reads what comes back.
//
// # Cost
//
// One goroutine serves all connections through epoll, with one read and one write a flight, so that a server written in
// Go with a goroutine per connection always does more work for a message than the load does.
//
// # Trust
//
// Every reply's frame header is parsed and checked for the whole run. In the warm-up every payload byte is compared
// too; after that, payloads are only counted.
package load
