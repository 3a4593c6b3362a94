package main

import (
	"testing"

	"resty.websocket/internal/bench/load"
)

// TestTransfer sends a message both ways with all libraries, one byte of which would be missed.
func TestTransfer(t *testing.T) {
	text := load.Records(8*pieceLen, 1)
	for name, lib := range libraries {
		for word, d := range words {
			server, client, err := connect(lib, d)
			if err != nil {
				t.Fatal(name, err)
			}
			for _, ends := range [][2]end{{server, client}, {client, server}} {
				if err := transfer(ends[0], ends[1], text, 20*pieceLen); err != nil {
					t.Errorf("%s, compression %s: %v", name, word, err)
				}
			}
		}
	}
}
