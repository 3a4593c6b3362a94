//go:build race

package endpoint

import "sync"

// A lock guards one direction of a connection.
type lock struct{ sync.Mutex }

// assertHeld panics if l is not held. It does so in tests with the race detector.
func (l *lock) assertHeld() {
	if l.TryLock() {
		l.Unlock() // for the calls that are deferred
		panic("endpoint: a method that needs its direction's lock was called without it")
	}
}
