//go:build unix

package endpoint

import (
	"errors"
	"net"
	"syscall"
	"testing"
)

// What a Read that was stopped has not seen, the kernel has.
func TestPeek(t *testing.T) {
	for _, tt := range lastMoments {
		t.Run(tt.name, func(t *testing.T) {
			a, b := tcpPair(t)
			c := New(a, &Config{}, nil)
			defer c.CloseNow()
			tt.does(b)
			for range 2 { // it takes nothing away
				if err := c.peek(); err != tt.want {
					t.Errorf("got %v, want %v", err, tt.want)
				}
			}
		})
	}
}

func TestPeekReset(t *testing.T) {
	a, b := tcpPair(t)
	c := New(a, &Config{}, nil)
	defer c.CloseNow()
	b.(*net.TCPConn).SetLinger(0)
	b.Close()
	if err := c.peek(); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v, want %v", err, syscall.ECONNRESET)
	}
}

func TestPeekClosed(t *testing.T) {
	a, _ := tcpPair(t)
	c := New(a, &Config{}, nil)
	c.CloseNow()
	if err := c.peek(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v, want %v", err, net.ErrClosed)
	}
}
