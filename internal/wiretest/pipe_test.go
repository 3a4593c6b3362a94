package wiretest

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var _ net.Conn = (*Conn)(nil)

// read reads once and says what it got.
func read(t *testing.T, c *Conn, wantBytes string, wantErr error) {
	t.Helper()
	p := make([]byte, 64)
	n, err := c.Read(p)
	if string(p[:n]) != wantBytes || !errors.Is(err, wantErr) {
		t.Errorf("Read = %q, %v, want %q, %v", p[:n], err, wantBytes, wantErr)
	}
}

// write writes once and says how much went.
func write(t *testing.T, c *Conn, s string, wantN int, wantErr error) {
	t.Helper()
	if n, err := c.Write([]byte(s)); n != wantN || !errors.Is(err, wantErr) {
		t.Errorf("Write(%q) = %d, %v, want %d, %v", s, n, err, wantN, wantErr)
	}
}

func TestPipeBothWays(t *testing.T) {
	a, b := Pipe()
	write(t, a, "one", 3, nil)
	write(t, a, "two", 3, nil)
	write(t, b, "three", 5, nil)
	read(t, b, "onetwo", nil)
	read(t, a, "three", nil)
	if a.Writes() != 2 || b.Reads() != 1 {
		t.Errorf("%d writes, %d reads, want 2 and 1", a.Writes(), b.Reads())
	}
	if a.LocalAddr() != b.RemoteAddr() || a.LocalAddr() == a.RemoteAddr() || a.LocalAddr().Network() == "" {
		t.Errorf("addresses %v and %v", a.LocalAddr(), a.RemoteAddr())
	}
}

func TestPipeScript(t *testing.T) {
	oops := errors.New("oops")
	a, b := Pipe()
	a.ScriptWrites(Step{N: 2}, Step{N: 1, Err: oops}, Step{Err: oops})
	write(t, a, "abcd", 2, nil)
	write(t, a, "cd", 1, oops)
	write(t, a, "d", 0, oops)
	write(t, a, "def", 3, nil)

	b.ScriptReads(Step{N: 1}, Step{Err: oops}, Step{N: 2, Err: oops}, Step{})
	read(t, b, "a", nil)
	read(t, b, "", oops)
	read(t, b, "bc", oops)
	read(t, b, "", nil)
	read(t, b, "def", nil)
}

func TestPipeCloseWrite(t *testing.T) {
	a, b := Pipe()
	write(t, a, "last", 4, nil)
	a.CloseWrite()
	write(t, a, "x", 0, syscall.EPIPE)
	read(t, b, "last", nil)
	read(t, b, "", io.EOF)
	write(t, b, "still", 5, nil)
	read(t, a, "still", nil)
}

func TestPipeClose(t *testing.T) {
	a, b := Pipe()
	write(t, a, "last", 4, nil)
	if err := a.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
	if err := a.Close(); err != net.ErrClosed {
		t.Errorf("the second Close: %v, want net.ErrClosed", err)
	}
	if err := a.SetDeadline(time.Time{}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("SetDeadline after Close: %v", err)
	}
	read(t, a, "", net.ErrClosed)
	write(t, a, "x", 0, net.ErrClosed)
	read(t, b, "last", nil)
	read(t, b, "", io.EOF)
	write(t, b, "x", 0, syscall.EPIPE)
}

func TestPipeReset(t *testing.T) {
	a, b := Pipe()
	write(t, a, "lost", 4, nil)
	a.Reset()
	for _, c := range []*Conn{a, b} {
		read(t, c, "", syscall.ECONNRESET)
		write(t, c, "x", 0, syscall.ECONNRESET)
		if err := c.Close(); err != nil {
			t.Errorf("Close after a reset: %v", err)
		}
		read(t, c, "", net.ErrClosed)
	}
}

func TestPipeDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		start := time.Now()
		a.SetReadDeadline(start.Add(time.Hour))
		read(t, a, "", os.ErrDeadlineExceeded)
		if took := time.Since(start); took != time.Hour {
			t.Errorf("after %v, want an hour", took)
		}
		write(t, b, "late", 4, nil)
		read(t, a, "", os.ErrDeadlineExceeded)
		a.SetReadDeadline(time.Time{})
		read(t, a, "late", nil)

		a.SetWriteBuffer(3)
		a.SetWriteDeadline(time.Now().Add(time.Minute))
		write(t, a, "abcde", 3, os.ErrDeadlineExceeded)
		a.SetDeadline(time.Now().Add(-time.Second))
		write(t, a, "x", 0, os.ErrDeadlineExceeded)
		read(t, b, "abc", nil)
		a.SetDeadline(time.Now().Add(time.Minute))
		write(t, a, "de", 2, nil)
	})
}

// TestPipeDeadlineMoved moves the deadline of a read that is waiting.
func TestPipeDeadlineMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, _ := Pipe()
		start := time.Now()
		a.SetReadDeadline(start.Add(time.Minute))
		done := make(chan time.Duration)
		go func() {
			read(t, a, "", os.ErrDeadlineExceeded)
			done <- time.Since(start)
		}()
		synctest.Wait()
		a.SetReadDeadline(start.Add(time.Hour))
		if took := <-done; took != time.Hour {
			t.Errorf("after %v, want an hour", took)
		}
	})
}

func TestPipeWriteBlocksUntilRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		a.SetWriteBuffer(2)
		done := make(chan bool)
		go func() {
			write(t, a, "abcde", 5, nil)
			close(done)
		}()
		synctest.Wait()
		read(t, b, "ab", nil)
		synctest.Wait()
		read(t, b, "cd", nil)
		synctest.Wait()
		read(t, b, "e", nil)
		<-done
		go func() {
			synctest.Wait()
			a.SetWriteBuffer(-1)
		}()
		write(t, a, "fghij", 5, nil)
	})
}

func TestPipeCloseWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := Pipe()
		a.SetWriteBuffer(0)
		done := make(chan bool)
		go func() { read(t, a, "", net.ErrClosed); done <- true }()
		go func() { write(t, a, "x", 0, net.ErrClosed); done <- true }()
		go func() { read(t, b, "", io.EOF); done <- true }()
		synctest.Wait()
		a.Close()
		<-done
		<-done
		<-done
	})
}
