// Layers draws how a frame goes through the layers of this library. It writes the drawing to the current folder, for light
// pages and for dark ones. The README shows it.
package main

import (
	"log"
	"os"
)

//go:generate go run .

func main() {
	for name, svg := range files() {
		if err := os.WriteFile(name, svg, 0o666); err != nil {
			log.Fatal(err)
		}
	}
}

// files returns the drawing in both palettes, by the names of its files.
func files() map[string][]byte {
	return map[string][]byte{"layers-light.svg": draw(light), "layers-dark.svg": draw(dark)}
}
