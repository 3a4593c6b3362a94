package socket

import "errors"

// ErrWouldBlock is the error of a TryRead that finds nothing.
var ErrWouldBlock = errors.New("socket: nothing to read")

// A Parker is woken when a parked Conn may be read, when its read deadline passes, or
// when it is closed. It is called by the goroutine of the poller, of the deadline's timer
// or of Close, must not wait, and may call the Conn's methods that do not.
type Parker interface{ Wake() }
