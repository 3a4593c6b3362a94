package main

import "testing"

// TestTransfer sends a message both ways with all libraries, one byte of which would be
// missed.
func TestTransfer(t *testing.T) {
	text := records(8 * pieceLen)
	for _, lib := range libraries {
		for _, c := range lib.compressions {
			server, client, err := connect(lib, c)
			if err != nil {
				t.Fatal(lib.name, err)
			}
			for _, ends := range [][2]end{{server, client}, {client, server}} {
				if err := transfer(ends[0], ends[1], text, 20*pieceLen); err != nil {
					t.Errorf("%s, compression %s: %v", lib.name, c, err)
				}
			}
		}
	}
}
