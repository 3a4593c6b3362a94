// Package micro has the Go benchmarks of the codec, of the handshake and of streams, beside what the peers export of theirs
// and beside what the standard library does with the same bytes. gorilla, coder and gws export no codec.
//
//	go test -bench . -cpu 1 ./micro
//	GOEXPERIMENT=simd go test -bench 'Mask|Decode|UTF8' -cpu 1 ./micro
package micro
