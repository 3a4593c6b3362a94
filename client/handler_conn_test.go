package client

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func newHandlerPipe() (a, b *handlerConn) {
	return handlerPipe(handlerAddr{"tcp", "a"}, handlerAddr{"tcp", "b"})
}

// One goroutine may write a good deal before it reads.
func TestHandlerConnBuffers(t *testing.T) {
	a, b := newHandlerPipe()
	long := strings.Repeat("x", streamSize)
	for _, text := range []string{"hello", long, ""} {
		if n, err := io.WriteString(a, text); n != len(text) || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
		got := make([]byte, len(text))
		if _, err := io.ReadFull(b, got); string(got) != text || err != nil {
			t.Fatalf("received %.20q, %v", got, err)
		}
	}
}

// A Write waits for room, and one that ends before tells how much it has written.
func TestHandlerConnWaitsForRoom(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(a, b *handlerConn)
		want error
	}{
		{"deadline", func(a, b *handlerConn) { a.SetWriteDeadline(time.Now().Add(time.Second)) }, os.ErrDeadlineExceeded},
		{"deadline_passed", func(a, b *handlerConn) { a.SetDeadline(time.Unix(1, 0)) }, os.ErrDeadlineExceeded},
		{"own_close", func(a, b *handlerConn) { a.Close() }, net.ErrClosed},
		{"own_half_close", func(a, b *handlerConn) { a.CloseWrite() }, net.ErrClosed},
		{"other_close", func(a, b *handlerConn) { b.Close() }, io.ErrClosedPipe},
		{"room", func(a, b *handlerConn) { io.ReadFull(b, make([]byte, 2)) }, nil},
		{"larger_buffer", func(a, b *handlerConn) { a.SetWriteBuffer(5) }, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := newHandlerPipe()
				a.SetWriteBuffer(3)
				time.AfterFunc(time.Second, func() { test.end(a, b) })
				want := 3
				if test.want == nil {
					want = 5
				}
				if n, err := io.WriteString(a, "hello"); n != want || err != test.want {
					t.Errorf("Write = %d, %v, want %d, %v", n, err, want, test.want)
				}
				if test.want != nil && test.want != os.ErrDeadlineExceeded {
					if n, err := io.WriteString(a, ""); n != 0 || err != test.want {
						t.Errorf("the next Write = %d, %v", n, err)
					}
				}
			})
		})
	}
}

// A Read waits for bytes, the end or its deadline, which may move meanwhile.
func TestHandlerConnReads(t *testing.T) {
	for _, test := range []struct {
		name string
		does func(a, b *handlerConn)
		want string
		err  error
	}{
		{"bytes", func(a, b *handlerConn) { io.WriteString(b, "hi") }, "hi", nil},
		{"deadline", func(a, b *handlerConn) { a.SetReadDeadline(time.Now().Add(time.Second)) }, "", os.ErrDeadlineExceeded},
		{"deadline_passed", func(a, b *handlerConn) { a.SetReadDeadline(time.Now()) }, "", os.ErrDeadlineExceeded},
		{"deadline_moved", func(a, b *handlerConn) {
			a.SetReadDeadline(time.Now().Add(time.Second))
			a.SetReadDeadline(time.Now().Add(3 * time.Second))
			time.AfterFunc(2*time.Second, func() { io.WriteString(b, "late") })
		}, "late", nil},
		{"deadline_removed", func(a, b *handlerConn) {
			a.SetReadDeadline(time.Now().Add(time.Second))
			a.SetReadDeadline(time.Time{})
			time.AfterFunc(time.Hour, func() { io.WriteString(b, "late") })
		}, "late", nil},
		{"own_close", func(a, b *handlerConn) { a.Close() }, "", net.ErrClosed},
		{"other_close", func(a, b *handlerConn) { b.Close() }, "", io.EOF},
		{"other_half_close", func(a, b *handlerConn) { b.CloseWrite() }, "", io.EOF},
		{"last_words", func(a, b *handlerConn) { io.WriteString(b, "bye"); b.Close() }, "bye", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a, b := newHandlerPipe()
				time.AfterFunc(time.Second, func() { test.does(a, b) })
				p := make([]byte, 10)
				n, err := a.Read(p)
				if string(p[:n]) != test.want || err != test.err {
					t.Errorf("Read = %q, %v", p[:n], err)
				}
				if err == os.ErrDeadlineExceeded { // which revives
					a.SetReadDeadline(time.Time{})
					io.WriteString(b, "more")
					if n, err := a.Read(p); string(p[:n]) != "more" || err != nil {
						t.Errorf("Read = %q, %v after the deadline", p[:n], err)
					}
				}
			})
		})
	}
}

func TestHandlerConnClose(t *testing.T) {
	a, b := newHandlerPipe()
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != net.ErrClosed {
		t.Errorf("closed twice: %v", err)
	}
	if err := a.SetDeadline(time.Now()); err != net.ErrClosed {
		t.Errorf("SetDeadline: %v", err)
	}
	if err := errors.Join(b.SetDeadline(time.Time{}), b.Close()); err != nil {
		t.Errorf("the other end: %v", err)
	}
}

// Bytes of several goroutines do not mix, even if each Write has to wait.
func TestHandlerConnWriters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := newHandlerPipe()
		a.SetWriteBuffer(3)
		words := []string{"aaaaaaaa", "bbbbbbbb", "cccccccc"}
		for _, word := range words {
			go io.WriteString(a, word)
		}
		synctest.Wait()
		got := make([]byte, 24)
		if _, err := io.ReadFull(b, got); err != nil {
			t.Fatal(err)
		}
		for _, word := range words {
			if !strings.Contains(string(got), word) {
				t.Errorf("received %q", got)
			}
		}
	})
}
