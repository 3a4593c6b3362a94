// Package limits bounds what one client can take: connections by its address, and messages by their number.
package limits

import (
	"net/http"
	"net/netip"
	"sync"

	"resty.websocket/examples/internal/remote"
	"resty.websocket/server"
)

// PerAddr serves WebSockets, of which each address may have a number.
type PerAddr struct {
	// Max is how many connections an address may have. A further request is refused with 503 before its handshake.
	Max int

	// Trusted are the networks of proxies, whose X-Forwarded-For is believed.
	Trusted []netip.Prefix

	// Options are those of all connections. Their Group is not used: each address has one of its own.
	Options server.Options

	// Serve is called as by server.Handler.
	Serve func(*server.Conn)

	mu    sync.Mutex
	addrs map[netip.Addr]*addr
	sweep int // the number of addresses at which those without connections are dropped
}

// An addr has the connections of an address: its group counts them, from the beginning of their handshakes to their ends.
type addr struct {
	group    server.Group
	handler  http.Handler
	requests int // that are being answered
}

func (p *PerAddr) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := p.enter(network(remote.Addr(r, p.Trusted)))
	defer p.leave(a)
	a.handler.ServeHTTP(w, r)
}

// network returns what stands for a client: its IPv4 address or the /64 of its IPv6 address, of which it has all addresses.
func network(a netip.Addr) netip.Addr {
	if a.Is4() {
		return a
	}
	prefix, err := a.Prefix(64)
	if err != nil {
		return a
	}
	return prefix.Addr()
}

func (p *PerAddr) enter(of netip.Addr) *addr {
	p.mu.Lock()
	defer p.mu.Unlock()
	a := p.addrs[of]
	if a == nil {
		p.dropUnused()
		a = &addr{group: server.Group{MaxConns: p.Max}}
		opts := p.Options
		opts.Group = &a.group
		a.handler = server.Handler(&opts, p.Serve)
		p.addrs[of] = a
	}
	a.requests++
	return a
}

func (p *PerAddr) leave(a *addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a.requests--
}

// dropUnused drops the addresses that have no connection, whenever their number may have doubled.
func (p *PerAddr) dropUnused() {
	if p.addrs == nil {
		p.addrs = make(map[netip.Addr]*addr)
	}
	if len(p.addrs) < p.sweep {
		return
	}
	for of, a := range p.addrs {
		if a.requests == 0 && a.group.Stats().Open == 0 {
			delete(p.addrs, of)
		}
	}
	p.sweep = 2*len(p.addrs) + 16
}
