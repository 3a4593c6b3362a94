package frame_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"resty.websocket/frame"
)

// A server reads the frames of a client and answers them.
func Example() {
	var fromClient, toClient bytes.Buffer
	client := frame.NewWriter(&fromClient, frame.Client, 0)
	client.WriteFrame(true, frame.Text, []byte("hello"))
	client.WriteFrame(true, frame.Ping, []byte("42"))
	client.WriteFrame(true, frame.Close, frame.AppendClose(nil, frame.StatusNormalClosure, "bye"))

	r := frame.NewReader(&fromClient, frame.Server, 0)
	w := frame.NewWriter(&toClient, frame.Server, 0)
	for {
		f, err := r.ReadFrame()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		switch f.Opcode {
		case frame.Ping:
			w.WriteFrame(true, frame.Pong, f.Payload)
		default:
			w.WriteFrame(f.Fin, f.Opcode, f.Payload)
		}
	}
	fmt.Printf("%q\n", toClient.Bytes())
	// Output:
	// "\x81\x05hello\x8a\x0242\x88\x05\x03\xe8bye"
}

func ExampleOpcode() {
	for _, op := range []frame.Opcode{frame.Text, frame.Ping} {
		fmt.Println(op, op.IsControl())
	}
	// Output:
	// text false
	// ping true
}

func ExampleRole() {
	var self frame.Role
	fmt.Println(self, frame.Client)
	// Output: server client
}

func ExampleHeader() {
	h := frame.Header{Fin: true, Opcode: frame.Binary, Masked: true, Length: 256}
	fmt.Println(h.Len(), "bytes, then", h.Length)
	// Output: 8 bytes, then 256
}

func ExampleParseHeader() {
	b := []byte{0x81, 0x05, 'H', 'e'} // the payload has not arrived yet
	h, n, err := frame.ParseHeader(b)
	fmt.Println(h.Fin, h.Opcode, h.Length, n, err)

	_, n, err = frame.ParseHeader(b[:1])
	fmt.Println(n, err)

	_, _, err = frame.ParseHeader([]byte{0x81, 0x7E, 0x00, 0x05})
	fmt.Println(err)
	// Output:
	// true text 5 2 <nil>
	// 0 unexpected EOF
	// frame: payload len not in its shortest form (RFC 6455, Section 5.2)
}

func ExampleAppendHeader() {
	h := frame.Header{Fin: true, Opcode: frame.Binary, Length: 65536}
	fmt.Printf("% x\n", frame.AppendHeader(nil, h))
	// Output: 82 7f 00 00 00 00 00 01 00 00
}

// The masked text message of Section 5.7.
func ExampleAppendFrame() {
	h := frame.Header{Fin: true, Opcode: frame.Text, Masked: true, MaskKey: [4]byte{0x37, 0xfa, 0x21, 0x3d}}
	fmt.Printf("% x\n", frame.AppendFrame(nil, h, []byte("Hello")))
	// Output: 81 85 37 fa 21 3d 7f 9f 4d 51 58
}

// A payload can be unmasked piece by piece.
func ExampleMask() {
	key := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	first, second := []byte{0x7f, 0x9f, 0x4d}, []byte{0x51, 0x58}
	pos := frame.Mask(first, key, 0)
	frame.Mask(second, key, pos)
	fmt.Printf("%s%s\n", first, second)
	// Output: Hello
}

func ExampleStatusCode() {
	for _, code := range []frame.StatusCode{frame.StatusGoingAway, frame.StatusAbnormalClosure, 4000} {
		fmt.Println(code, code.Valid())
	}
	// Output:
	// 1001 Going Away true
	// 1006 Abnormal Closure false
	// 4000 true
}

func ExampleParseClose() {
	code, reason, err := frame.ParseClose([]byte("\x03\xe9see you"))
	fmt.Println(code, reason, err)

	code, _, err = frame.ParseClose(nil)
	fmt.Println(code, err)

	_, _, err = frame.ParseClose([]byte("\x03\xed"))
	fmt.Println(err)
	// Output:
	// 1001 Going Away see you <nil>
	// 1005 No Status Rcvd <nil>
	// frame: close frame with a body must carry a 2-byte status code: 1005 must not be sent (RFC 6455, Section 7.4)
}

func ExampleAppendClose() {
	fmt.Printf("%q\n", frame.AppendClose(nil, frame.StatusGoingAway, "see you"))

	// A Close frame has room for 123 bytes of reason. No character is cut.
	cut := frame.AppendClose(nil, frame.StatusGoingAway, strings.Repeat("é", 100))
	fmt.Println(len(cut))
	// Output:
	// "\x03\xe9see you"
	// 124
}

func ExampleCloseError() {
	var err error = &frame.CloseError{Code: frame.StatusNormalClosure, Reason: "bye"}
	var closed *frame.CloseError
	if errors.As(err, &closed) {
		fmt.Println(closed.Code, closed.Reason)
	}
	fmt.Println(err)
	// Output:
	// 1000 Normal Closure bye
	// frame: closed by the peer: 1000 Normal Closure: "bye"
}

// A browser that leaves the page closes with 1001. An error of another kind has
// no code.
func ExampleCloseCode() {
	for _, err := range []error{
		fmt.Errorf("the chat: %w", &frame.CloseError{Code: frame.StatusGoingAway}),
		io.ErrUnexpectedEOF,
	} {
		switch frame.CloseCode(err) {
		case frame.StatusNormalClosure, frame.StatusGoingAway:
			fmt.Println("done")
		default:
			fmt.Println("lost:", err)
		}
	}
	// Output:
	// done
	// lost: unexpected EOF
}

func ExampleProtocolError() {
	r := frame.NewReader(strings.NewReader("\x81\x05Hello"), frame.Server, 0)
	_, err := r.ReadFrame()

	var broken *frame.ProtocolError
	if errors.As(err, &broken) {
		fmt.Println("tell the peer:", broken.Code)
	}
	fmt.Println(errors.Is(err, frame.ErrUnmasked), err)
	// Output:
	// tell the peer: 1002 Protocol error
	// true frame: frame unmasked (RFC 6455, Section 5.1)
}

// The error's text names the length and the limit. It matches the variable that
// stands for the rule.
func ExampleProtocolError_Is() {
	r := frame.NewReader(strings.NewReader("\x81\x05Hello"), frame.Client, 4)
	_, err := r.ReadFrame()
	fmt.Println(errors.Is(err, frame.ErrPayloadTooLong))
	fmt.Println(err)
	// Output:
	// true
	// frame: exceeding max payload len: 5 bytes, limit 4 (RFC 6455, Section 10.4)
}

func ExampleFrame() {
	r := frame.NewReader(strings.NewReader("\x01\x03Hel\x80\x02lo"), frame.Client, 0)
	for range 2 {
		f, err := r.ReadFrame()
		fmt.Printf("%v %t %q %v\n", f.Opcode, f.Fin, f.Payload, err)
	}
	// Output:
	// text false "Hel" <nil>
	// continuation true "lo" <nil>
}

func ExampleReader() {
	r := frame.NewReader(strings.NewReader("\x81\x05Hello\x89\x00"), frame.Client, 0)
	for {
		f, err := r.ReadFrame()
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Printf("%v %q\n", f.Opcode, f.Payload)
	}
	// Output:
	// text "Hello"
	// ping ""
	// EOF
}

func ExampleNewReader() {
	stream := strings.NewReader("\x81\x05Hello")
	r := frame.NewReader(stream, frame.Client, 4) // at most four bytes a frame
	_, err := r.ReadFrame()
	fmt.Println(err)
	// Output: frame: exceeding max payload len: 5 bytes, limit 4 (RFC 6455, Section 10.4)
}

// twoParts is a connection on which a read times out between two parts of a
// stream.
type twoParts struct {
	parts   []string
	waiting bool
}

func (c *twoParts) Read(p []byte) (int, error) {
	if c.waiting = !c.waiting; !c.waiting {
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, c.parts[0])
	c.parts = c.parts[1:]
	return n, nil
}

// A timeout inside a frame loses nothing.
func ExampleReader_ReadFrame() {
	r := frame.NewReader(&twoParts{parts: []string{"\x81\x05He", "llo"}}, frame.Client, 0)
	_, err := r.ReadFrame()
	fmt.Println(errors.Is(err, os.ErrDeadlineExceeded))
	f, err := r.ReadFrame()
	fmt.Printf("%s %v\n", f.Payload, err)
	// Output:
	// true
	// Hello <nil>
}

func ExampleWriter() {
	var stream bytes.Buffer
	w := frame.NewWriter(&stream, frame.Server, 0)
	w.WriteFrame(false, frame.Text, []byte("Hel"))
	w.WriteFrame(true, frame.Ping, nil)
	w.WriteFrame(true, frame.Continuation, []byte("lo"))
	fmt.Printf("%q\n", stream.Bytes())
	// Output: "\x01\x03Hel\x89\x00\x80\x02lo"
}

func ExampleNewWriter() {
	var stream bytes.Buffer
	w := frame.NewWriter(&stream, frame.Client, 0) // a client masks
	n, err := w.WriteFrame(true, frame.Text, []byte("Hello"))
	fmt.Println(n, err)

	h, _, err := frame.ParseHeader(stream.Bytes())
	fmt.Println(h.Masked, err)
	// Output:
	// 11 <nil>
	// true <nil>
}

// WriteFrame refuses a frame that may not be sent, and writes nothing.
func ExampleWriter_WriteFrame() {
	w := frame.NewWriter(os.Stdout, frame.Server, 0)
	_, err := w.WriteFrame(true, frame.Continuation, []byte("lo"))
	fmt.Println(errors.Is(err, frame.ErrSendFrame), err)
	_, err = w.WriteFrame(true, frame.Close, frame.AppendClose(nil, 1005, ""))
	fmt.Println(err)
	// Output:
	// true frame: not to be sent: continuation frame without a message to continue (RFC 6455, Section 5.4)
	// frame: bad status code (RFC 6455, Section 7.4)
}

// Bytes arrive in two pieces. The first piece contains a frame and a half.
