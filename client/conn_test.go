package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
	"resty.websocket/server"
)

// Both sides' connections have the same methods, except Response and ReusedTimes
// here, Request and ForgetRequest there.
func TestMethodsAreTheServers(t *testing.T) {
	ours, theirs := methods[*Conn](), methods[*server.Conn]()
	for _, own := range []struct {
		methods map[string]string
		name    string
	}{{ours, "Response"}, {ours, "ReusedTimes"}, {theirs, "Request"}, {theirs, "ForgetRequest"}} {
		if _, ok := own.methods[own.name]; !ok {
			t.Errorf("no %s", own.name)
		}
		delete(own.methods, own.name)
	}
	if !reflect.DeepEqual(ours, theirs) {
		t.Errorf("client %v\nserver %v", ours, theirs)
	}
}

// methods returns the signatures of T's methods by their names.
func methods[T any]() map[string]string {
	signatures := map[string]string{}
	value := reflect.ValueOf(*new(T))
	for i := range value.NumMethod() {
		signatures[value.Type().Method(i).Name] = value.Method(i).Type().String()
	}
	return signatures
}

// Each frame is masked with a key that no frame had before, and the caller's bytes
// do not change.
func TestSendMasks(t *testing.T) {
	wiretest.NoLeaks(t)
	payload := bytes.Repeat([]byte("payload "), 1<<14)
	sends := []struct {
		op   frame.Opcode
		size int
		send func(c *Conn, p []byte) error
	}{
		{frame.Text, 5, (*Conn).SendText},
		{frame.Text, 126, func(c *Conn, p []byte) error { return c.SendString(string(p)) }},
		{frame.Binary, len(payload), (*Conn).SendBinary},
		{frame.Ping, 125, (*Conn).SendPing},
		{frame.Pong, 0, (*Conn).SendPong},
		{frame.Text, 8, func(c *Conn, p []byte) error { return c.SendFrame(false, frame.Text, p) }},
		{frame.Continuation, 65536, (*Conn).SendContinue},
		{frame.Close, 2, func(c *Conn, p []byte) error { return c.SendClose(frame.StatusGoingAway, "") }},
	}
	frames := make(chan frame.Frame, len(sends))
	addr := listenTCP(t, accepting(t, func(nc net.Conn) {
		defer close(frames)
		for r := frame.NewReader(nc, frame.Server, -1); ; {
			f, err := r.ReadFrame()
			if err != nil {
				return
			}
			f.Payload = slices.Clone(f.Payload)
			frames <- f
		}
	}))
	c := connect(t, "ws://"+addr, &Options{MaxPayloadLen: -1})
	keys := map[[4]byte]bool{}
	for _, s := range sends {
		p := slices.Clone(payload[:s.size])
		if err := s.send(c, p); err != nil {
			t.Fatalf("%v: %v", s.op, err)
		}
		if !bytes.Equal(p, payload[:s.size]) {
			t.Errorf("%v of %d bytes: the caller's bytes have changed", s.op, s.size)
		}
		f := <-frames
		if f.Opcode != s.op || !f.Masked || s.op != frame.Close && !bytes.Equal(f.Payload, p) {
			t.Errorf("%v of %d bytes arrived as %v of %d, masked: %t", s.op, s.size, f.Opcode, len(f.Payload), f.Masked)
		}
		keys[f.MaskKey] = true
	}
	if len(keys) != len(sends) {
		t.Errorf("%d keys for %d frames", len(keys), len(sends))
	}
}

func TestSendUnmasked(t *testing.T) {
	wiretest.NoLeaks(t)
	addr := listenTCP(t, accepting(t, func(nc net.Conn) {
		got := make([]byte, 4)
		if _, err := io.ReadFull(nc, got); string(got) != "\x81\x02hi" {
			t.Errorf("% x, %v", got, err)
		}
	}))
	c := connect(t, "ws://"+addr, &Options{SendUnmasked: true})
	if err := c.SendString("hi"); err != nil {
		t.Error(err)
	}
}

// The Options set limits, buffers and timeouts.
func TestOptions(t *testing.T) {
	addr := listenTCP(t, accepting(t, func(nc net.Conn) {
		io.WriteString(nc, "\x81\x03abc")
		io.Copy(io.Discard, nc)
	}))
	c := connect(t, "ws://"+addr, &Options{MaxSendLen: 4, MaxRecvLen: 2, Timeout: patience, WriteBuffer: 1 << 16})
	if err := c.SendString("hello"); !errors.Is(err, frame.ErrSendTooLong) {
		t.Errorf("send of 5 bytes: %v", err)
	}
	if err := c.Flush(); err != nil {
		t.Error(err)
	}
	if _, _, err := c.RecvMessage(); !errors.Is(err, frame.ErrPayloadTooLong) {
		t.Errorf("receipt of 3 bytes: %v", err)
	}
	c = connect(t, "ws://"+addr, &Options{MaxMessageLen: 2})
	if _, _, err := c.RecvMessage(); err == nil || errors.Is(err, frame.ErrPayloadTooLong) {
		t.Errorf("receipt of a message of 3 bytes: %v", err)
	}
}

func TestSetTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := pair(t)
		c.SetTimeout(time.Minute)
		began := time.Now()
		_, _, err := c.RecvFrame()
		if !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != time.Minute || c.Fatal() != nil {
			t.Errorf("%v after %v, Fatal %v", err, time.Since(began), c.Fatal())
		}
		c.CloseNow()
	})
}

// The client begins or answers the closing handshake (Section 7.1.2). The server
// closes TCP (Section 7.1.1).
func TestClose(t *testing.T) {
	for _, tt := range []struct {
		name  string
		serve func(nc *wiretest.Conn, frames *frame.Reader)
		took  time.Duration
		err   error
	}{
		{"7.1.1/waits_for_tcp", func(nc *wiretest.Conn, frames *frame.Reader) {
			if f, err := frames.ReadFrame(); f.Opcode != frame.Close || string(f.Payload) != "\x03\xe8" {
				t.Errorf("closed with %v %q, %v; want 1000", f.Opcode, f.Payload, err)
			}
			io.WriteString(nc, "\x88\x02\x03\xe8")
			<-time.After(3 * time.Second)
			nc.Close()
		}, 3 * time.Second, nil},
		{"7.1.1/not_for_ever", func(nc *wiretest.Conn, frames *frame.Reader) {
			frames.ReadFrame()
			io.WriteString(nc, "\x88\x02\x03\xe8")
		}, 5 * time.Second, nil},
		{"7.1.2/data_before_close", func(nc *wiretest.Conn, frames *frame.Reader) {
			io.WriteString(nc, "\x81\x05hello\x02\x02wo\x80\x03rld")
			frames.ReadFrame()
			io.WriteString(nc, "\x89\x00\x88\x00")
			nc.Close()
		}, 0, nil},
		{"7.1.2/no_answer", func(*wiretest.Conn, *frame.Reader) {}, 5 * time.Second, os.ErrDeadlineExceeded},
		{"7.1.2/end_without_close", func(nc *wiretest.Conn, frames *frame.Reader) {
			frames.ReadFrame()
			nc.Close()
		}, 0, io.EOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, nc := pair(t)
				go tt.serve(nc, frame.NewReader(nc, frame.Server, 0))
				began := time.Now()
				if err := c.Close(); !errors.Is(err, tt.err) {
					t.Errorf("%v, want %v", err, tt.err)
				}
				if took := time.Since(began); took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				synctest.Wait()
				if f, _, err := c.RecvFrame(); f != nil || err == nil {
					t.Errorf("received %q after Close", f)
				}
			})
		})
	}
}

// The server's Close frame is answered with its own code.
func TestCloseAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, nc := pair(t)
		io.WriteString(nc, "\x88\x05\x0f\xa1bye") // 4001
		var closed *frame.CloseError
		if _, _, err := c.RecvFrame(); !errors.As(err, &closed) || *closed != (frame.CloseError{Code: 4001, Reason: "bye"}) {
			t.Fatal(err)
		}
		go func() {
			f, err := frame.NewReader(nc, frame.Server, 0).ReadFrame()
			if f.Opcode != frame.Close || string(f.Payload) != "\x0f\xa1" {
				t.Errorf("answered with %v %q, %v", f.Opcode, f.Payload, err)
			}
			nc.Close()
		}()
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// pair returns a connection, and the server's end of the one underneath.
func pair(t *testing.T) (*Conn, *wiretest.Conn) {
	t.Helper()
	ours, theirs := wiretest.Pipe()
	go func() { io.WriteString(theirs, switchingProtocols(readRequest(t, theirs))) }()
	opts := &Options{Dial: func(context.Context, string, string) (net.Conn, error) { return ours, nil }}
	c, _, err := Connect(t.Context(), "ws://127.0.0.1/", opts)
	if err != nil {
		t.Fatal(err)
	}
	return c, theirs
}
