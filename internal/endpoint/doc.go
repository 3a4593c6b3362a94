// Package endpoint is what a server's and a client's connection have in
// common: the buffers, deadlines, locks and the closing handshake around the
// codec of package frame. Package server and package client show it to the
// world, method by method.
//
// # Receiving
//
// The bytes that have been read and not yet consumed are the window. It lives
// in a slab, a buffer from a pool. Frames are unmasked and validated in the
// window and handed out as slices of it; they stay valid until the next Recv
// call, which is the earliest to move or return the slab.
//
// A receiver that waits on an empty window holds no slab, if the platform lets
// it wait without one; see source_unix.go. One that waits inside a frame holds a
// slab for what has arrived. What a header declares is never allocated.
//
// Nor does its goroutine grow beyond the 2 KiB of stack that it began with, if its
// caller takes little and Timeout is not set; TestStack of package server sees to
// it. A message's way to that wait is therefore kept short.
//
// The other window, that of a peer which takes compression context over, is packed
// by a receiver that waits while no compressed message comes; see pack.go.
//
// # Sending
//
// A send assembles its frame in a slab and writes it with one call, under a
// lock, so that frames of several goroutines do not mix. Corked frames collect
// in the pending slab instead; see cork.go.
//
// # Ending
//
// The first error that ends the connection is kept, and every later call
// returns it. Whoever meets it wakes the other direction through that one's
// deadline, so that nobody waits for a connection that is over.
//
// # Locks
//
// There are two, one a direction. Who needs both takes the receiver's first.
// The alarms have locks of their own, which nobody holds while waiting.
package endpoint
