//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"net"
	"os"
	"strconv"
	"syscall"
)

// A peer is the address of a peer, which the kernel forgets when the peer is gone.
type peer struct {
	host   [net.IPv6len]byte // the IP address, or a short name of a Unix socket
	zone   uint32            // index of the interface of a link-local address
	port   uint16            // of a Unix socket: the name's length
	family family
}

// A family is how a peer is addressed.
type family uint8

const (
	unknown family = iota
	unix           // a long name is in rare
	ipv4
	ipv6
)

// setPeer makes addr that of the peer.
func (c *Conn) setPeer(addr net.Addr) {
	switch addr := addr.(type) {
	case *net.UnixAddr:
		c.peer.family = unix
		if n := copy(c.peer.host[:], addr.Name); n == len(addr.Name) {
			c.peer.port = uint16(n)
		} else {
			c.rarely().peerName = addr.Name
		}
	case *net.TCPAddr:
		c.peer = tcpPeer(addr)
	}
}

func tcpPeer(addr *net.TCPAddr) peer {
	p := peer{port: uint16(addr.Port), zone: zoneIndex(addr.Zone), family: ipv6}
	if copy(p.host[:], addr.IP) == net.IPv4len {
		p.family = ipv4
	}
	return p
}

// shortMeansEmpty reports whether a read that was short has read all that there was. It
// has not for a Unix socket if the peer passes descriptors: a read ends behind each.
func (c *Conn) shortMeansEmpty() bool { return trustShort && c.peer.family != unix }

// RemoteAddr implements net.Conn.
func (c *Conn) RemoteAddr() net.Addr {
	p := &c.peer
	switch p.family {
	case ipv4:
		return tcpAddr(p.host[:net.IPv4len], int(p.port), 0)
	case ipv6:
		return tcpAddr(p.host[:], int(p.port), p.zone)
	case unix:
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.rare != nil && c.rare.peerName != "" {
			return unixAddr(c.rare.peerName)
		}
		return unixAddr(string(p.host[:p.port]))
	}
	return nil
}

// LocalAddr implements net.Conn. It asks the kernel. If the kernel does not tell, as on some
// systems after a reset, the result is nil.
func (c *Conn) LocalAddr() net.Addr {
	if c.use() == nil {
		defer c.unuse()
		return c.socketName()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.rare == nil {
		return nil
	}
	return c.rare.local
}

// socketName is LocalAddr while the descriptor is used.
func (c *Conn) socketName() net.Addr {
	name, err := syscall.Getsockname(int(c.fd))
	if err != nil {
		return nil
	}
	switch name := name.(type) {
	case *syscall.SockaddrInet4:
		return tcpAddr(name.Addr[:], name.Port, 0)
	case *syscall.SockaddrInet6:
		return tcpAddr(name.Addr[:], name.Port, name.ZoneId)
	case *syscall.SockaddrUnix:
		return unixAddr(name.Name)
	}
	return nil
}

func unixAddr(name string) net.Addr { return &net.UnixAddr{Name: name, Net: "unix"} }

func tcpAddr(ip []byte, port int, zone uint32) net.Addr {
	return &net.TCPAddr{IP: append(net.IP(nil), ip...), Port: port, Zone: zoneName(zone)}
}

// zoneIndex and zoneName convert a zone as package net does. Zero is no zone.
func zoneIndex(name string) uint32 {
	if name == "" {
		return 0
	}
	if ifi, err := net.InterfaceByName(name); err == nil {
		return uint32(ifi.Index)
	}
	index, _ := strconv.ParseUint(name, 10, 32)
	return uint32(index)
}

func zoneName(index uint32) string {
	if index == 0 {
		return ""
	}
	if ifi, err := net.InterfaceByIndex(int(index)); err == nil {
		return ifi.Name
	}
	return strconv.FormatUint(uint64(index), 10)
}

// opError returns err, which is not nil, as package net does.
func (c *Conn) opError(op string, err error) error {
	if errno, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError(op, errno)
	}
	return &net.OpError{Op: op, Net: c.network(), Source: (*source)(c), Addr: (*target)(c), Err: err}
}

func (c *Conn) network() string {
	if c.peer.family == unix {
		return "unix"
	}
	return "tcp"
}

// A source is the address of this end of a Conn, and a target that of the other end. They
// are made when they are printed: most errors are not.
type (
	source Conn
	target Conn
)

func (s *source) Network() string { return (*Conn)(s).network() }
func (s *source) String() string  { return printed((*Conn)(s).LocalAddr()) }

func (t *target) Network() string { return (*Conn)(t).network() }
func (t *target) String() string  { return printed((*Conn)(t).RemoteAddr()) }

func printed(addr net.Addr) string {
	if addr == nil {
		return ""
	}
	return addr.String()
}
