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

// offer returns the header field with which the client offers d.
func (d Deflate) offer() string {
	switch d {
	case NoTakeover:
		return "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"
	case Takeover:
		return "Sec-WebSocket-Extensions: permessage-deflate\r\n"
	default:
		return ""
	}
}

// check returns an error if the head of a response does not agree to d, because a library that does something else
// cannot be compared.
func (d Deflate) check(head string) error {
	head = strings.ToLower(head)
	on := strings.Contains(head, "permessage-deflate")
	server, client := strings.Contains(head, "server_no_context_takeover"), strings.Contains(head, "client_no_context_takeover")
	switch {
	case d == Plain && !on, d == NoTakeover && on && server && client:
		return nil
	case d == Takeover && on && !server && !client && !strings.Contains(head, "window_bits"):
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
