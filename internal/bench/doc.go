// Bench does the same work with this library and with its peers, and reports how they compare. It runs on Linux.
//
//	go run .                          # everything, into results/: about an hour
//	go run . -run 'conns=100/.*lib=(resty|gws)$' -rounds 1 -micro=false -out ''
//	go run . -run '/conns=1000?/inflight=1/.*lib=resty(-before)?$' -base ../../../earlier -micro=false -out ''
//	go run . -from results/results.txt   # the report anew, from what was measured
//
// The cases are in cases.txt, the libraries in servers/libraries.json, the promises of this one in report/targets.txt, and
// the table of the project's README in report/performance.txt. The results are a text in the format of Go's benchmarks,
// which benchstat reads as well.
//
// # Processes
//
// This program is the load, which is no library's client (package load), and starts itself for every round as a server with
// one of the libraries (package servers). Each has GOMAXPROCS=1 and a core of its own; only the cases of growth give the
// server more cores, and if the machine has no further one it shares the load's. A server ends when its parent does.
//
// # Rounds
//
// The libraries take turns within each case, so that what else the machine does hits all of them, and each round has a
// fresh server and fresh connections. The report shows medians, with the least and the most.
//
// With -base, the bench of an earlier checkout is built and is the server of one library more, resty-before, in two of
// the echoes. The report compares the two within each round and shows the median of these ratios.
//
// # What is measured
//
// The server's CPU time is its user and system time over the measured span, by the messages of that span. Allocations
// are the runtime's counts over the same span. Resident bytes are what VmRSS grew by with the connections, after garbage
// collection. Latency is from the write of a flight to the arrival of each reply; with several messages in flight, or
// more connections than the server can serve at once, it is mostly the time in the queue.
//
// Under burst and push the load asks with one message, and the server answers with many. Their latency is from the
// question to each answer, and is mostly the time that the answers before it took.
//
// The round of a broadcast is the time until every connection that reads has the flight. Under stalled, ten connections
// stop reading when the span begins, and the memory is what VmRSS grew by over the span, after garbage collection. Only
// the libraries take part whose broadcasts never wait.
//
// Under handshake the memory is what VmRSS grew by while the connections came and went. Under heartbeat 9,000 silent
// connections have a Ping a second, which the load answers: by Options.Heartbeat or, as resty-pings, by the program. The
// cost of a heartbeat is the difference of the two.
//
// Idle connections are served once as most programs are written, as resty-loop, and once as resty, the best case: without
// the request and with a handler that needs no more stack than a goroutine starts with. The memory of each further
// connection is measured between 3,500 and 9,500 of them.
//
// Compressed messages are the same over and over on one connection, which is the best case for context takeover.
package main
