// Package remote tells who has sent a request that came through proxies.
package remote

import (
	"net/http"
	"net/netip"
	"strings"
)

// Addr returns the address of the client that has sent r. Each proxy appends the address from which it was called to
// X-Forwarded-For, so that the field is true from its end up to the first address that is no proxy's. That address is the
// client's. A client can write anything before it.
//
// The proxies are those in the trusted networks. Addr returns the zero Addr for a client without an IP address.
func Addr(r *http.Request, trusted []netip.Prefix) netip.Addr {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for len(hops) > 0 && contains(trusted, addr) {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1]))
		if err != nil {
			break
		}
		addr, hops = hop.Unmap(), hops[:len(hops)-1]
	}
	return addr
}

// Secure reports whether the client uses TLS, up to a proxy in the trusted networks if r came through one. The proxy must set
// X-Forwarded-Proto to "https" or "http" in all requests.
func Secure(r *http.Request, trusted []netip.Prefix) bool {
	peer, _ := netip.ParseAddrPort(r.RemoteAddr)
	if contains(trusted, peer.Addr().Unmap()) {
		return strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
	}
	return r.TLS != nil
}

func contains(networks []netip.Prefix, addr netip.Addr) bool {
	for _, network := range networks {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}
