// Package socket has a net.Conn over a TCP or Unix stream socket that takes less memory
// than package net's, can wait without a goroutine, and leaves out the read that would
// find nothing.
//
// # Waiting
//
// A poller waits for the events of many sockets on one goroutine, through a descriptor of
// the kernel's (epoll or kqueue). There are a few pollers in a process, and a poller's
// goroutine exists while it has a Conn. A socket is registered once, for all events. An
// event is a hint: it means that it is worth trying. As descriptors are used again, it
// may even be an earlier socket's.
//
// A flag of the Conn says that a read may find something. A read clears it before the
// system call. An event sets it, and so does a read after which there may be more. A read
// that is shorter than its buffer has emptied a TCP socket, so that the next one waits
// without a system call that would find nothing. That does not hold, and the socket is
// read until it has nothing, if
//
//   - the poller has told of an end, an error or urgent data: a read ends at these
//   - it is a Unix socket: a read ends behind descriptors that the peer passes
//   - the system does not tell of urgent data, as those with kqueue do not
//
// Urgent data itself is left out of what is read, as package net leaves it out.
//
// # Memory
//
// A Conn that waits by Park is 64 bytes and 8 more in the poller's table, and holds
// nothing else. A goroutine in AwaitRead or Read adds 32 bytes to its stack, which stays
// within the 2 KiB with which it began. Deadlines and writes that wait take memory while
// they last.
//
// A poller refers to its Conns, so that one that is not closed is never freed.
//
// # Locks
//
// Each Conn has one mutex, which is not held while the socket is read or written, nor
// while a Parker is woken. A poller's mutex guards its table. No goroutine holds both.
//
// # Bubbles
//
// Connections of testing/synctest should not be sockets, as its documentation says. For
// those of this package there is one more reason: a goroutine in a bubble must not be
// woken by a poller that began outside, which is one that still has other Conns.
package socket
