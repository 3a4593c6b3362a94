// Package endpoint is the part that a server's and a client's connections have in
// common: the buffers, deadlines, locks and the closing handshake around the codec of
// package frame. Package server and package client export it, method by method.
//
// The folder layers has a drawing of the way of a frame through the package and those
// around it.
//
// # Directions
//
// A connection's two directions fail, time out and end apart from one another, as
// TCP's do. A [receiver] and a [sender] each own a lock, their state and their methods.
// They share a [link]: the net.Conn, its deadlines, and the error that ended the
// connection.
//
// # Locks
//
// Each direction has its own lock. Methods of receiver and sender are called with it
// held, and tests with the race detector check that; see lock_race.go. Code that needs
// both locks takes the receiver's first: the receiver calls the sender, to answer, and
// the sender never calls the receiver.
//
// A Recv call holds the receiver's lock until it returns. The sender's lock is held
// while a frame is built, and is released while the net.Conn writes; the goroutine that
// writes has the turn then. The locks of deadlines, of Prepareds and of the flusher are
// taken last, and are held for no longer than their own methods take. So are those of an
// [Owner], which is told of the end of the connection by the direction that finds out, and
// that of the wheels. The lock of an inflation comes before that of the wheels.
//
// # Receiving
//
// The window is the bytes that have been read and not yet consumed. It is part of a
// slab, a buffer from a pool. Frames are unmasked and validated in the window and
// returned as slices of it. They stay valid until the next Recv call, which may move
// the window or free the slab.
//
// A receiver that waits on an empty window holds no slab, if the platform lets it wait
// without one; see socket_unix.go. Inside a frame it holds a slab for the bytes that
// have arrived. A length that a header declares is not allocated.
//
// With compression there is another window, that of a peer which takes context over. It
// is compressed by a wheel while no compressed message comes; see idle_window.go.
//
// # Stacks
//
// A goroutine that waits in a Recv call stays within the 2 KiB of stack with which it
// began, if its caller takes little of it and Timeout is not set. TestStack of package
// server checks that. Frames on the way to a wait or a write are therefore few and
// small, in:
//
//   - Conn.RecvFrame, Conn.RecvMessage, receiver.next, fill, read and readOwn or readRaw
//   - Conn.sendFrame, sender.leave and write
//
// # Sending
//
// A send adds its frame to the pending ones and then writes them, or leaves that to
// another goroutine; join.go has the rules. Prepareds that are offered are pending
// without being copied.
//
// # Ending
//
// The first error that ends the connection is kept, and every later call returns it. A
// direction that ends the connection wakes the goroutines that wait in the other one,
// through its deadline.
//
// A failed write ends sending alone. The peer's last messages and its Close frame are
// received for 5 more seconds.
//
// A Close frame can be offered as messages can; see goodbye.go. Then a timer closes the
// connection if nothing else does.
package endpoint
