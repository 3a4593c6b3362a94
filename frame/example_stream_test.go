package frame_test

import (
	"fmt"

	"resty.websocket/frame"
)

func ExampleDecoder() {
	d := frame.Decoder{Role: frame.Client}
	var window []byte
	for _, piece := range []string{"\x81\x02hi\x81\x05Hel", "lo"} {
		window = append(window, piece...)
		for {
			f, n, err := d.Decode(window)
			if err != nil {
				fmt.Println(err)
				break
			}
			fmt.Printf("%v %q\n", f.Opcode, f.Payload)
			window = window[n:]
		}
	}
	// Output:
	// text "hi"
	// unexpected EOF
	// text "Hello"
	// unexpected EOF
}

// A connection can only be given to another user if no message is unfinished.
func ExampleDecoder_Idle() {
	d := frame.Decoder{Role: frame.Client}
	window := []byte("\x01\x03Hel\x80\x02lo")
	for len(window) > 0 {
		f, n, err := d.Decode(window)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%q %t\n", f.Payload, d.Idle())
		window = window[n:]
	}
	// Output:
	// "Hel" false
	// "lo" true
}

// A program that answers frames may join the answers to those that came together.
func ExampleDecoder_HasFrame() {
	d := frame.Decoder{Role: frame.Client}
	window := []byte("\x81\x02hi\x81\x05Hello\x81\x05wor")
	for d.HasFrame(window) {
		f, n, err := d.Decode(window)
		if err != nil {
			fmt.Println(err)
			return
		}
		window = window[n:]
		fmt.Printf("%q, and another: %t\n", f.Payload, d.HasFrame(window))
	}
	// Output:
	// "hi", and another: true
	// "Hello", and another: false
}

func ExampleEncoder_Idle() {
	var e frame.Encoder
	fmt.Println(e.Idle())
	e.Next(false, frame.Text, []byte("Hel"))
	fmt.Println(e.Idle())
	e.Next(true, frame.Continuation, []byte("lo"))
	fmt.Println(e.Idle())
	e.Next(true, frame.Close, nil)
	fmt.Println(e.Idle())
	// Output:
	// true
	// false
	// true
	// false
}

// The payload is compressed; the Encoder need not see it.
func ExampleEncoder_NextHeader() {
	var e frame.Encoder
	compressed := []byte("\xf2\x48\xcd\xc9\xc9\x07\x00") // RFC 7692, Section 7.2.3.1
	h, err := e.NextHeader(frame.Header{Fin: true, RSV1: true, Opcode: frame.Text, Length: int64(len(compressed))})
	fmt.Printf("% x %v\n", frame.AppendFrame(nil, h, compressed), err)
	// Output:
	// c1 07 f2 48 cd c9 c9 07 00 <nil>
}

func ExampleEncoder_AppendFrame() {
	var e frame.Encoder // of a server
	var buf []byte
	for _, s := range []string{"Hello", "\xff"} {
		var err error
		if buf, err = e.AppendFrame(buf, true, frame.Text, []byte(s)); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Printf("%q\n", buf)
	// Output:
	// frame: text is not UTF-8 (RFC 6455, Section 5.6)
	// "\x81\x05Hello"
}

func ExampleEncoder() {
	var e frame.Encoder // of a server
	var buf []byte
	for _, s := range []string{"Hello", "\xff"} {
		h, err := e.Next(true, frame.Text, []byte(s))
		if err != nil {
			fmt.Println(err)
			continue
		}
		buf = frame.AppendFrame(buf, h, []byte(s))
	}
	fmt.Printf("%q\n", buf)
	// Output:
	// frame: text is not UTF-8 (RFC 6455, Section 5.6)
	// "\x81\x05Hello"
}

// A Decoder hands out a long frame in the parts in which it arrives.
func ExampleDecoder_Split() {
	d := frame.Decoder{Role: frame.Client}
	for _, arrived := range []string{"\x81\x0cHel", "lo, ", "world"} {
		window := []byte(arrived)
		f, _, err := d.Decode(window)
		if err == nil {
			fmt.Printf("%v %q, FIN %t\n", f.Opcode, f.Payload, f.Fin)
		} else if part, _, ok := d.Split(window); ok {
			fmt.Printf("%v %q, FIN %t\n", part.Opcode, part.Payload, part.Fin)
		}
	}
	// Output:
	// text "Hel", FIN false
	// continuation "lo, ", FIN false
	// continuation "world", FIN true
}
