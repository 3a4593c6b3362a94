// Package differential gives the same bytes to this module's decoder and to
// two that others have written, those of gobwas/ws and gorilla/websocket. All
// of them have to see the same frames, and to refuse the same streams. Where
// they disagree, the text of RFC 6455 decides: if it is against us, it is a
// defect of ours, and if it is against them, it goes into the list in
// differences.go.
//
// It is a module of its own, so that the one above it requires nothing. To go
// on looking for differences:
//
//	cd internal/differential
//	go test -fuzz FuzzBytes -fuzztime 10m
//	go test -fuzz FuzzFrames -fuzztime 10m
package differential
