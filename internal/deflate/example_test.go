package deflate_test

import (
	"fmt"
	"strings"

	"resty.websocket/internal/deflate"
)

func ExampleCompressor_KeepsWindow() {
	for _, c := range []*deflate.Compressor{
		{},
		{Takeover: true},
		{Takeover: true, WindowBits: 12},
		{Takeover: true, Level: -2},
	} {
		fmt.Println(c.KeepsWindow())
	}
	// Output:
	// false
	// true
	// false
	// false
}

func ExampleDecompressor_CompressWindow() {
	text := []byte(strings.Repeat("All work and no play makes Jack a dull boy. ", 100))
	c := deflate.Compressor{Takeover: true}
	defer c.Close()
	d := deflate.Decompressor{Takeover: true}
	for range 2 {
		payload, _ := c.Compress(nil, text)
		message, err := d.Decompress(nil, payload, -1)
		fmt.Println(len(message), err)
		d.CompressWindow() // the connection has become idle
	}
	// Output:
	// 4400 <nil>
	// 4400 <nil>
}
