//go:build !race && (linux || darwin || freebsd || netbsd || openbsd)

package socket

import (
	"runtime"
	"sync"
	"testing"
)

// TestStack has goroutines wait. The stack of each stays the one with which it began,
// after it has waited once and echoed.
func TestStack(t *testing.T) {
	const conns, most = 300, 2300
	for name, wait := range map[string]func(c *Conn) error{
		"AwaitRead": func(c *Conn) error {
			if err := c.AwaitRead(); err != nil {
				return err
			}
			return tryEcho(c)
		},
		"Read": func(c *Conn) error {
			var buf [8]byte
			n, err := c.Read(buf[:])
			if err == nil {
				_, err = c.Write(buf[:n])
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var waits sync.WaitGroup
			var all []*Conn
			connect := func() {
				c, peer := pair(t, "tcp")
				all = append(all, c)
				waits.Go(func() {
					for wait(c) == nil {
					}
				})
				for range 2 {
					peer.Write([]byte("Hello"))
					peer.Read(make([]byte, 8))
				}
			}
			for range conns {
				connect()
			}
			before := stacks()
			for range conns {
				connect()
			}
			if each := (stacks() - before) / conns; each > most {
				t.Errorf("%d bytes each, want at most %d", each, most)
			}
			for _, c := range all {
				c.Close()
			}
			waits.Wait()
		})
	}
}

// tryEcho echoes what there is.
func tryEcho(c *Conn) error {
	var buf [8]byte
	n, err := c.TryRead(buf[:])
	if err == nil {
		_, err = c.TryWrite(buf[:n])
	}
	if err == ErrWouldBlock {
		return nil
	}
	return err
}

// stacks returns the bytes of all goroutines' stacks.
func stacks() int {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.StackInuse)
}

// TestAllocs has no call of an echo's allocate.
func TestAllocs(t *testing.T) {
	c, peer := pair(t, "tcp")
	buf, hello := make([]byte, 64), []byte("Hello")
	woken := make(chan bool, 1)
	p := parkerFunc(func() { woken <- true })
	var parker Parker = &p
	allocs := testing.AllocsPerRun(1000, func() {
		peer.Write(hello)
		if err := c.AwaitRead(); err != nil {
			t.Fatal(err)
		}
		n, _ := c.TryRead(buf)
		c.TryWrite(buf[:n])
		peer.Read(buf)
		c.TryRead(buf)
		if c.Park(parker) {
			peer.Write(hello)
			<-woken
		}
		c.Read(buf)
		c.Write(buf[:5])
		peer.Read(buf)
	})
	if allocs > 0 {
		t.Errorf("%v allocations an echo", allocs)
	}
}

type parkerFunc func()

func (f *parkerFunc) Wake() { (*f)() }
