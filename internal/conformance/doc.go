// Package conformance holds two tables to their word: testdata/rfc6455.txt,
// which maps each requirement of RFC 6455 to the tests that hold it, and
// testdata/hazards.txt, which does so for what has broken WebSocket libraries.
// No row may be missing, and no test that a row names.
//
// To look up the quotations as well, which takes a copy of the RFC's text:
//
//	go test ./internal/conformance -args -rfc /path/to/rfc6455.txt
package conformance
