// Bench does the same work with this library and with its peers, and reports how they compare. It runs on Linux.
//
//	go run .                          # everything, into results/: about an hour
//	go run . -list                    # the cases and the libraries
//	go run . -run 'conns=100/' -libs resty,gws -rounds 1 -micro=false -out ''
//	go run . -run '/conns=1000?/inflight=1/' -libs resty -base ../../../earlier -micro=false -out ''
//	go run . -from results/results.json  # the report anew, from what was measured
//
// # Processes
//
// This program starts itself twice for every round: as a server with one of the libraries, and as the load, which
// belongs to none (package load). Each has GOMAXPROCS=1 and a core of its own; only the cases of growth give the server
// more cores, and where the machine has no further one it shares the load's. Both end when the driver does.
//
// # Rounds
//
// The libraries take turns within each case, so that what else the machine does hits all of them, and each round has
// fresh processes. The report shows medians, with the least and the most.
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
// stop reading when the span begins, and the server's sockets have send buffers of 64 KiB, so that the peers are found
// out soon. The memory is what VmRSS grew by over the span, after garbage collection.
//
// Under slow the load sends two messages at once. The handler answers the first and waits for 100 ms before it answers
// the second. The latency is that of the first answer.
//
// Compressed messages are the same over and over on one connection, which is the best case for context takeover.
package main
