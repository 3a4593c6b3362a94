// Package nettest holds Stream and package socket to the contract of net.Conn, by the tests of
// golang.org/x/net/nettest. It is a module of its own because of that requirement.
package nettest
