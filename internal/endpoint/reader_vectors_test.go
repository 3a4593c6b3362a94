package endpoint

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// TestReaderVectors reads each vector in two pieces, cut at each byte, with a timeout
// between them.
func TestReaderVectors(t *testing.T) {
	for _, v := range wiretest.Vectors(t) {
		if v.RSV1 || len(v.Bytes) > 70_000 || v.Err != nil && v.Err.Reason == frame.ErrTooManyFragments.Reason {
			continue // NextReader takes any number of fragments
		}
		t.Run(v.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				step := 1 + len(v.Bytes)/200
				for cut := 0; cut <= len(v.Bytes); cut += step {
					readVector(t, v, cut)
				}
			})
		})
	}
}

// readVector reads the messages of v by NextReader.
func readVector(t *testing.T, v wiretest.Vector, cut int) {
	cfg := Config{MaxRecvLen: int(v.MaxPayloadLen), Timeout: time.Second}
	if cfg.MaxRecvLen == 0 {
		cfg.MaxRecvLen = defaultMaxPayloadLen
	}
	if v.Receiver == frame.Client.String() {
		cfg.Role = frame.Client
	}
	c, p := newPair(t, cfg)
	p.sendBytes(v.Bytes[:cut])
	var got []string
	var r io.Reader
	var err error
	for sent := false; err == nil; {
		if r == nil {
			var typ frame.Opcode
			if typ, r, err = c.NextReader(); err == nil {
				got = append(got, typ.String()+" ")
			}
		} else {
			buf := make([]byte, 1000)
			var n int
			n, err = r.Read(buf)
			got[len(got)-1] += string(buf[:n])
		}
		if err == io.EOF && r != nil {
			got[len(got)-1] += "."
			r, err = nil, nil
		}
		if err == os.ErrDeadlineExceeded && !sent {
			p.Write(v.Bytes[cut:])
			p.Conn.(*wiretest.Conn).CloseWrite()
			sent, err = true, nil
		}
	}
	want := messagesOf(v)
	for i, message := range got {
		whole := strings.HasSuffix(message, ".")
		switch {
		case i == len(want) && !whole && (v.Err != nil || v.Incomplete):
			// It went wrong or ended inside its first frame.
		case i >= len(want) || whole && message != want[i] || !strings.HasPrefix(want[i], message):
			t.Fatalf("cut at %d: %.60q, want %.60q", cut, got, want)
		}
	}
	if v.Err == nil && !v.Incomplete && len(got) != len(want) {
		t.Fatalf("cut at %d: %d messages, want %d", cut, len(got), len(want))
	}
	var broken *frame.ProtocolError
	if v.Err != nil {
		if want := (&frame.ProtocolError{Code: frame.StatusCode(v.Err.Code), Reason: v.Err.Reason}); !errors.Is(err, want) {
			t.Fatalf("cut at %d: %v, want %v", cut, err, want)
		}
	} else if errors.As(err, &broken) {
		t.Fatalf("cut at %d: %v", cut, err)
	}
	c.CloseNow()
}

// messagesOf returns the messages of v: the opcode, and the payload with a dot behind it
// if the message is whole.
func messagesOf(v wiretest.Vector) (all []string) {
	for _, f := range v.Frames {
		op := frame.Opcode(f.Opcode)
		switch {
		case op.IsControl():
			continue
		case op != frame.Continuation:
			all = append(all, op.String()+" ")
		}
		all[len(all)-1] += string(f.Payload)
		if f.Fin {
			all[len(all)-1] += "."
		}
	}
	return all
}

// FuzzTurns: messages in any fragments, compressed or not and with pings between them, are
// received by RecvFrame, RecvMessage and NextReader by turns, the last of which may be
// abandoned. Each gets the bytes that were sent.
func FuzzTurns(f *testing.F) {
	f.Add([]byte("\x00\x05\x09\x0e\x13\x27\x3b\x44"), []byte("\x00\x01\x02\x03\x12\x22\x82"))
	f.Add([]byte("\xff\x80\x7f\x41\x40\x01\x02\x03"), []byte("\x02\x02\x07\x0b\x13\xf2\x01"))
	f.Add([]byte("\x08\x0c\x48\x4c\x88\x8c\xc8\xcc"), []byte("\x06\x0a\x0e\x12\x16\x00\x05"))
	f.Fuzz(func(t *testing.T, messages, turns []byte) {
		c, p := newPair(t, Config{Deflate: takeover})
		talk := newTalker(p)
		var sent []string
		for i, b := range messages[:min(len(messages), 20)] {
			message := strings.Repeat(fmt.Sprint(i, "-ü-"), int(b>>3)*int(b>>3))
			sent = append(sent, message)
			sendInTurn(talk, message, b)
		}
		p.Conn.(*wiretest.Conn).CloseWrite()
		for i := 0; len(sent) > 0; i++ {
			turn := byte(i)
			if len(turns) > 0 {
				turn = turns[i%len(turns)]
			}
			if err := recvInTurn(c, sent[0], turn); err != nil {
				t.Fatalf("message %d from the end: %v", len(sent), err)
			}
			sent = sent[1:]
		}
		if _, _, err := c.NextReader(); err != io.EOF {
			t.Fatalf("the end: %v", err)
		}
	})
}

// sendInTurn sends a message as b says: compressed or not, whole or in fragments.
func sendInTurn(k *talker, message string, b byte) {
	payload, compressed := message, b&1 != 0
	if compressed {
		payload = k.compress(message)
	}
	cut := len(payload)
	if b&2 != 0 {
		cut = min(cut, int(b>>2))
	}
	h := frame.Header{Fin: cut == len(payload), RSV1: compressed, Opcode: frame.Text, Masked: true}
	k.sendBytes(frame.AppendFrame(nil, h, []byte(payload[:cut])))
	if !h.Fin {
		k.send(true, frame.Ping, "between")
		k.send(false, frame.Continuation, "")
		k.send(true, frame.Continuation, payload[cut:])
	}
}

// recvInTurn receives a message as turn says, and returns an error if it is another one
// than want.
func recvInTurn(c *Conn, want string, turn byte) error {
	var got []byte
	for way := turn; ; way++ { // the rest of what RecvFrame begins in another way
		var data []byte
		var err error
		switch way % 3 {
		case 0:
			data, err = recvFrames(c)
		case 1:
			data, _, err = c.RecvMessage()
		case 2:
			data, err = readPart(c, len(want)-len(got), turn)
		}
		got = append(got, data...)
		switch {
		case err == ErrAgain:
			continue
		case err == errAbandoned && strings.HasPrefix(want, string(got)):
			return nil
		case err == nil && string(got) == want:
			return nil
		}
		return fmt.Errorf("received %d bytes %.60q, %v, want %d %.60q", len(got), got, err, len(want), want)
	}
}

// recvFrames receives a frame that is no Ping.
func recvFrames(c *Conn) ([]byte, error) {
	for {
		if data, typ, err := c.RecvFrame(); typ != frame.Ping {
			return data, err
		}
	}
}

var errAbandoned = errors.New("abandoned")

// readPart reads a message of n bytes, or a part of it if turn says so.
func readPart(c *Conn, n int, turn byte) ([]byte, error) {
	_, r, err := c.NextReader()
	if err != nil {
		return nil, err
	}
	if turn&8 == 0 {
		return io.ReadAll(r)
	}
	part := make([]byte, min(n, int(turn)))
	if _, err := io.ReadFull(r, part); err != nil {
		return nil, err
	}
	return part, errAbandoned
}
