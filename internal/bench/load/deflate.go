package load

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"strings"
)

// tail is what a sender leaves out (RFC 7692, Section 7.2.1); ending puts it back, and behind it an empty final block, for
// the end of a message to be io.EOF.
const (
	tail   = "\x00\x00\xff\xff"
	ending = tail + "\x01\x00\x00\xff\xff"
)

// offers are the header fields with which the client offers to compress.
var offers = map[Deflate]string{
	NoTakeover: "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n",
	Takeover:   "Sec-WebSocket-Extensions: permessage-deflate\r\n",
}

// check returns an error if the head of a response does not agree to d, because a library that does something else
// cannot be compared.
func (d Deflate) check(head string) error {
	head = strings.ToLower(head)
	on, resets := strings.Contains(head, "permessage-deflate"), strings.Count(head, "_no_context_takeover")
	switch {
	case d == Plain && !on, d == NoTakeover && on && resets == 2:
		return nil
	case d == Takeover && on && resets == 0 && !strings.Contains(head, "window_bits"):
		return nil
	}
	return fmt.Errorf("load: takeover=%s was not agreed on: %q", d, head)
}

// compress returns the payload of a message, which refers to no message before it: that is always allowed, and lets a
// flight be sent over and over.
func compress(message []byte) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.DefaultCompression) // only a level out of range is an error
	w.Write(message)
	w.Flush()
	return bytes.TrimSuffix(out.Bytes(), []byte(tail))
}

// An inflater inflates the messages of one connection.
type inflater struct {
	takeover bool
	window   []byte // the messages so far, their last 32 KiB
}

// inflate returns the message whose payload is given.
func (f *inflater) inflate(payload []byte) ([]byte, error) {
	r := flate.NewReaderDict(io.MultiReader(bytes.NewReader(payload), strings.NewReader(ending)), f.window)
	message, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("load: reply of %d bytes: %w", len(payload), err)
	}
	if f.takeover {
		window := append(f.window, message...)
		f.window = bytes.Clone(window[max(0, len(window)-32<<10):])
	}
	return message, nil
}
