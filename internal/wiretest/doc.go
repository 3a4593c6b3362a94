// Package wiretest has what the tests of several packages share: the vectors
// in testdata/frames, readers that cut and fail and scribble, a pair of
// connections in memory whose faults follow a script, and a check that no
// goroutine and no descriptor is left behind. It imports nothing of the
// module, so that every package's tests can use it, and no code that is not a
// test imports it.
package wiretest
