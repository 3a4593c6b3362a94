//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestTakeForeign has Take refuse connections that it cannot serve.
func TestTakeForeign(t *testing.T) {
	pipe, other := net.Pipe()
	defer pipe.Close()
	defer other.Close()
	packets, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "s"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer packets.Close()
	for _, nc := range []net.Conn{nil, pipe, packets} {
		if c, err := Take(nc); c != nil || err != errors.ErrUnsupported {
			t.Errorf("Take(%T) returns %v, %v", nc, c, err)
		}
	}
	if _, err := packets.WriteTo([]byte("x"), packets.LocalAddr()); err != nil {
		t.Errorf("a socket that was refused is used: %v", err)
	}
}

func TestTakeClosed(t *testing.T) {
	_, peer := pair(t, "tcp")
	peer.Close()
	if _, err := Take(peer); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Take of a closed connection returns %v", err)
	}
}

// TestTakeCloses has Take close the net.Conn, and not the connection.
func TestTakeCloses(t *testing.T) {
	_, peer := pair(t, "tcp")
	c := take(t, peer)
	if _, err := peer.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the net.Conn's Read returns %v", err)
	}
	if _, err := c.Write([]byte("x")); err != nil {
		t.Error(err)
	}
}

// TestTakeFails has the process out of descriptors.
func TestTakeFails(t *testing.T) {
	c, peer := pair(t, "tcp")
	var limit, low syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	low = limit
	low.Cur = 3
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	_, err := Take(peer)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(err, syscall.EMFILE) {
		t.Fatalf("Take returns %v, want EMFILE", err)
	}
	if _, err := peer.Write([]byte("Hello")); err != nil {
		t.Error(err)
	}
	wantRead(t, c, 8, "Hello")
}

// fcntl returns flags of a descriptor.
func fcntl(t *testing.T, fd, command int) int {
	t.Helper()
	flags, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), uintptr(command), 0)
	if errno != 0 {
		t.Fatal(errno)
	}
	return int(flags)
}

// TestDescriptors has no descriptor be one that a child process inherits, nor one that
// blocks.
func TestDescriptors(t *testing.T) {
	for _, network := range networks {
		c, _ := pair(t, network)
		for _, fd := range []int{int(c.fd), pollerOf(int(c.fd)).queue.fd} {
			if fcntl(t, fd, syscall.F_GETFD)&syscall.FD_CLOEXEC == 0 {
				t.Errorf("%s: a child process inherits descriptor %d", network, fd)
			}
		}
		if fcntl(t, int(c.fd), syscall.F_GETFL)&syscall.O_NONBLOCK == 0 {
			t.Errorf("%s: the descriptor blocks", network)
		}
	}
}

// TestAddresses compares addresses with those of package net.
func TestAddresses(t *testing.T) {
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0", "[::]:0"} {
		l, err := net.Listen("tcp", addr)
		if err != nil {
			t.Logf("%s: %v", addr, err)
			continue
		}
		defer l.Close()
		port := l.Addr().(*net.TCPAddr).Port
		for _, ip := range []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback} {
			dialed, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: ip, Port: port})
			if err != nil {
				continue
			}
			accepted, err := l.Accept()
			if err != nil {
				t.Fatal(err)
			}
			sameAddresses(t, dialed)
			sameAddresses(t, accepted)
		}
	}
}

func TestAddressesUnix(t *testing.T) {
	l := listen(t, "unix")
	dialed, err := net.Dial("unix", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	sameAddresses(t, dialed)
	sameAddresses(t, accepted)
}

func sameAddresses(t *testing.T, nc net.Conn) {
	t.Helper()
	local, remote := nc.LocalAddr(), nc.RemoteAddr()
	c := take(t, nc)
	for got, want := range map[net.Addr]net.Addr{c.LocalAddr(): local, c.RemoteAddr(): remote} {
		if got.String() != want.String() || got.Network() != want.Network() {
			t.Errorf("%s %v, want %s %v", got.Network(), got, want.Network(), want)
		}
	}
	c.SetDeadline(time.Now().Add(time.Hour))
	c.SetDeadline(time.Time{})
	if got := c.RemoteAddr(); got.String() != remote.String() {
		t.Errorf("RemoteAddr is %v after a deadline, want %v", got, remote)
	}
}

// TestZone has the zone of a link-local address survive, as a name or as a number that no
// interface has.
func TestZone(t *testing.T) {
	zones := []string{"", "4000000000"}
	if all, err := net.Interfaces(); err == nil && len(all) > 0 {
		zones = append(zones, all[0].Name)
	}
	for _, zone := range zones {
		want := &net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 80, Zone: zone}
		c := new(Conn)
		c.setPeer(want)
		if got := c.RemoteAddr().String(); got != want.String() {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := new(Conn).RemoteAddr(); got != nil {
		t.Errorf("an address that is not known is %v", got)
	}
}

// TestErrorText compares what errors print with package net's, while c is open and later.
func TestErrorText(t *testing.T) {
	for _, network := range networks {
		c, _ := pair(t, network)
		text := func(op string, err error) string {
			return (&net.OpError{Op: op, Net: network, Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}).Error()
		}
		late := text("read", os.ErrDeadlineExceeded)
		c.SetReadDeadline(time.Unix(1, 0))
		_, err := c.Read(make([]byte, 1))
		if err == nil || err.Error() != late {
			t.Errorf("%v, want %s", err, late)
		}
		c.Close()
		if err != nil && err.Error() != late {
			t.Errorf("after Close %v, was %s", err, late)
		}
		if err, want := c.SetDeadline(time.Time{}), text("set", net.ErrClosed); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestNoLocalAddr closes a Conn of which the kernel has not told the address.
func TestNoLocalAddr(t *testing.T) {
	c, _ := pair(t, "tcp")
	c.Close()
	c.mu.Lock()
	c.rare.local = nil
	c.dropRare()
	c.mu.Unlock()
	if got := c.LocalAddr(); got != nil {
		t.Errorf("LocalAddr is %v", got)
	}
	want := "close tcp ->" + c.RemoteAddr().String() + ": " + net.ErrClosed.Error()
	if err := c.Close(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
