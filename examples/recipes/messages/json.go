package messages

import (
	"encoding/json"
	"fmt"

	"resty.websocket/frame"
)

// A Conn is a *server.Conn or a *client.Conn.
type Conn interface {
	RecvMessage() (data []byte, typ frame.Opcode, err error)
	SendMessage(op frame.Opcode, p []byte) error
	SendClose(code frame.StatusCode, reason string) error
}

// Send sends v as a text message of JSON. The error of a value that JSON cannot have, such as a channel, ends nothing.
func Send(c Conn, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return c.SendMessage(frame.Text, data)
}

// Receive receives a T. Unmarshal copies what it takes from the message, so that the value may be kept. A json.RawMessage in T is a
// copy as well.
//
// The peer is sent a Close frame if the message is none: with 1003 if it is binary, and 1007 if it is not the JSON of a T.
// MaxMessageLen bounds what the peer may have this side parse.
func Receive[T any](c Conn) (v T, err error) {
	data, typ, err := c.RecvMessage()
	switch {
	case err != nil:
		return v, err
	case typ != frame.Text:
		c.SendClose(frame.StatusUnsupportedData, "text is expected")
		return v, fmt.Errorf("a %v message", typ)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		c.SendClose(frame.StatusInvalidFramePayloadData, "bad JSON")
		return v, err
	}
	return v, nil
}

// An Envelope has a message of one of several types. The receiver looks at the Type before it parses the Data.
type Envelope struct {
	Type string          `json:"type"`
	Data json.RawMessage `json:"data,omitempty"`
}
