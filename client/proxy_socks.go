package client

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"strconv"
)

// The numbers of RFC 1928 and, for the credentials, of RFC 1929.
const (
	socksVersion = 5

	socksNoCredentials   = 0
	socksPassword        = 2
	socksPasswordVersion = 1

	socksConnect   = 1
	socksSucceeded = 0

	socksIPv4 = 1
	socksName = 3
	socksIPv6 = 4

	socksMaxLen = 255 // of a name or a password, whose length is one byte
)

// socksReplies are the replies of a proxy to a request (RFC 1928, Section 6).
var socksReplies = [...]string{
	socksSucceeded: "succeeded",
	1:              "general SOCKS server failure",
	2:              "connection not allowed by ruleset",
	3:              "network unreachable",
	4:              "host unreachable",
	5:              "connection refused",
	6:              "TTL expired",
	7:              "command not supported",
	8:              "address type not supported",
}

var errNotSOCKS = errors.New("not a SOCKS5 proxy")

// connectSOCKS asks a SOCKS5 proxy (RFC 1928) for a connection to addr.
func connectSOCKS(rw io.ReadWriter, user *url.Userinfo, addr string) error {
	request, err := appendSOCKSRequest(nil, addr)
	if err != nil {
		return err
	}
	if err := authenticateSOCKS(rw, user); err != nil {
		return err
	}
	if _, err := rw.Write(request); err != nil {
		return err
	}
	return readSOCKSReply(rw)
}

// authenticateSOCKS agrees on a method (Section 3), and sends the user's name and
// password if the proxy asks for them (RFC 1929, Section 2).
func authenticateSOCKS(rw io.ReadWriter, user *url.Userinfo) error {
	methods := []byte{socksNoCredentials}
	password, _ := user.Password()
	if user != nil {
		methods = append(methods, socksPassword)
	}
	if n := len(user.Username()); n > socksMaxLen {
		return fmt.Errorf("user name too long for SOCKS: %d bytes, limit %d", n, socksMaxLen)
	}
	if n := len(password); n > socksMaxLen {
		return fmt.Errorf("password too long for SOCKS: %d bytes, limit %d", n, socksMaxLen)
	}
	method, err := exchangeSOCKS(rw, append([]byte{socksVersion, byte(len(methods))}, methods...), socksVersion)
	switch {
	case err != nil:
		return err
	case method == socksNoCredentials:
		return nil
	case method != socksPassword || user == nil:
		return errors.New("proxy accepts none of our authentication methods")
	}
	credentials := []byte{socksPasswordVersion, byte(len(user.Username()))}
	credentials = append(credentials, user.Username()...)
	credentials = append(credentials, byte(len(password)))
	credentials = append(credentials, password...)
	status, err := exchangeSOCKS(rw, credentials, socksPasswordVersion)
	if err == nil && status != socksSucceeded {
		err = errors.New("proxy refuses the credentials")
	}
	return err
}

// exchangeSOCKS writes p and reads an answer of two bytes: a version, which it
// checks, and a value, which it returns.
func exchangeSOCKS(rw io.ReadWriter, p []byte, version byte) (byte, error) {
	if _, err := rw.Write(p); err != nil {
		return 0, err
	}
	var answer [2]byte
	if _, err := io.ReadFull(rw, answer[:]); err != nil {
		return 0, err
	}
	if answer[0] != version {
		return 0, errNotSOCKS
	}
	return answer[1], nil
}

// appendSOCKSRequest appends the request for a connection to addr (Section 4). The
// proxy resolves the name in addr if there is one.
func appendSOCKSRequest(dst []byte, addr string) ([]byte, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, err
	}
	dst = append(dst, socksVersion, socksConnect, 0)
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.Is4():
		dst = append(dst, socksIPv4)
		dst = append(dst, ip.AsSlice()...)
	case err == nil:
		dst = append(dst, socksIPv6)
		dst = append(dst, ip.AsSlice()...)
	case len(host) > socksMaxLen:
		return nil, fmt.Errorf("host name too long for SOCKS: %d bytes, limit %d", len(host), socksMaxLen)
	default:
		dst = append(dst, socksName, byte(len(host)))
		dst = append(dst, host...)
	}
	return binary.BigEndian.AppendUint16(dst, uint16(number)), nil
}

// readSOCKSReply reads the reply to the request (Section 6), and no byte behind it.
func readSOCKSReply(r io.Reader) error {
	var head [5]byte // up to the first byte of the address
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	reply, kind := head[1], head[3]
	rest := map[byte]int{socksIPv4: net.IPv4len, socksIPv6: net.IPv6len, socksName: 1 + int(head[4])}[kind]
	switch {
	case head[0] != socksVersion || rest == 0:
		return errNotSOCKS
	case reply != socksSucceeded && int(reply) < len(socksReplies):
		return errors.New(socksReplies[reply])
	case reply != socksSucceeded:
		return fmt.Errorf("reply %#x", reply)
	}
	const portLen = 2
	_, err := io.CopyN(io.Discard, r, int64(rest-1+portLen))
	return err
}
