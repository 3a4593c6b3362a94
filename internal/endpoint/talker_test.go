package endpoint

import (
	"bytes"
	"compress/flate"
	"strings"

	"resty.websocket/frame"
)

// A talker is a peer whose messages refer to those before, however long ago.
type talker struct {
	*peer
	out bytes.Buffer
	w   *flate.Writer
	op  frame.Opcode // of what is said
}

func newTalker(p *peer) *talker {
	k := &talker{peer: p, op: frame.Text}
	k.w, _ = flate.NewWriter(&k.out, flate.BestCompression)
	return k
}

// say sends a compressed message, and returns the length of its payload.
func (k *talker) say(message string) int {
	k.t.Helper()
	payload := k.compress(message)
	k.sendBytes(k.compressed(true, k.op, payload))
	return len(payload)
}

// compress returns the payload of a message.
func (k *talker) compress(message string) string {
	k.out.Reset()
	k.w.Write([]byte(message))
	k.w.Flush()
	return strings.TrimSuffix(k.out.String(), "\x00\x00\xff\xff")
}

// sayAgain sends a message that was sent before, as little more than a reference.
func (k *talker) sayAgain(message string) {
	k.t.Helper()
	if n := k.say(message); n > len(message)/50 {
		k.t.Errorf("%d bytes that were sent before have a payload of %d", len(message), n)
	}
}

// receiveAll receives messages in the background.
func receiveAll(c *Conn) <-chan string {
	messages := make(chan string, 1000)
	go func() {
		defer close(messages)
		for {
			data, _, err := c.RecvMessage()
			if err != nil {
				return
			}
			messages <- string(data)
		}
	}()
	return messages
}
