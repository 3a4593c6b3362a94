package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync"
	"testing"
)

func listener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// tunnelTo returns the address of a tunnel to a service, both ends of which run until the test ends.
func tunnelTo(t *testing.T, ctx context.Context, service string) string {
	t.Helper()
	near, far := listener(t), listener(t)
	go serveTunnel(ctx, far, service)
	go enterTunnel(ctx, near, "ws://"+far.Addr().String()+"/")
	return near.Addr().String()
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nc.Close() })
	return nc
}

// TestTunnel has a service that echoes, and several clients at once.
func TestTunnel(t *testing.T) {
	service := listener(t)
	go func() {
		for {
			nc, err := service.Accept()
			if err != nil {
				return
			}
			go func() { io.Copy(nc, nc); nc.Close() }()
		}
	}()
	addr := tunnelTo(t, t.Context(), service.Addr().String())
	var clients sync.WaitGroup
	for i := range 4 {
		clients.Go(func() {
			nc := dial(t, addr)
			sent := bytes.Repeat([]byte{byte(i), 1, 2, 0xff}, 100_000)
			go nc.Write(sent)
			got := make([]byte, len(sent))
			if _, err := io.ReadFull(nc, got); err != nil || !bytes.Equal(got, sent) {
				t.Errorf("client %d: %v, and equal: %t", i, err, bytes.Equal(got, sent))
			}
		})
	}
	clients.Wait()
}

// TestEnds ends the connection at each of its ends, behind bytes that must arrive.
func TestEnds(t *testing.T) {
	service := listener(t)
	ctx, cancel := context.WithCancel(t.Context())
	addr := tunnelTo(t, ctx, service.Addr().String())
	pair := func() (a, b net.Conn) {
		a = dial(t, addr)
		b, err := service.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { b.Close() })
		return a, b
	}
	last := make([]byte, 300_000)
	for _, fromService := range []bool{false, true} {
		a, b := pair()
		if fromService {
			a, b = b, a
		}
		go func() { a.Write(last); a.Close() }()
		if got, err := io.ReadAll(b); err != nil || len(got) != len(last) {
			t.Errorf("from the service %t: %d bytes, %v", fromService, len(got), err)
		}
	}
	a, b := pair()
	cancel()
	for _, nc := range []net.Conn{a, b} {
		if got, err := io.ReadAll(nc); len(got) > 0 {
			t.Errorf("after the end: %d bytes, %v", len(got), err)
		}
	}
}

// TestNoService has a service that is not there.
func TestNoService(t *testing.T) {
	service := listener(t)
	service.Close()
	nc := dial(t, tunnelTo(t, t.Context(), service.Addr().String()))
	if got, err := io.ReadAll(nc); err != nil || len(got) > 0 {
		t.Errorf("%q, %v, want the end", got, err)
	}
}
