// Package micro has the Go benchmarks of the codec and of the handshake, beside what the peers export of theirs and
// beside what the standard library does with the same bytes. gorilla, coder and gws export no codec.
//
//	go test -bench . -cpu 1 ./micro
//	GOEXPERIMENT=simd go test -bench 'Mask|Decode|UTF8' -cpu 1 ./micro
package micro
