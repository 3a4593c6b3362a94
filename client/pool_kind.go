package client

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"

	"resty.websocket/internal/endpoint"
)

// A kind is the set of connections that can be used in place of one another. The
// mu of its Pool guards it.
type kind struct {
	key     kindKey
	open    int              // the number of connections, with those that are being made
	idle    []*idleConn      // the one that has waited longest first
	waiting []chan *idleConn // calls of Get, in the order of their turns
}

// A kindKey holds all parameters that make connections differ.
type kindKey struct {
	url               string
	origin, host, key string
	lists             string // subprotocols, header fields and the parameters of compression
	tls               *tls.Config
	keepAlive         net.KeepAliveConfig
	writeBuffer       int
	endpoint          endpoint.Config
	opts              *Options // nil without functions, which cannot be compared
}

func kindOf(url string, o *Options) kindKey {
	k := kindKey{
		url:         url,
		origin:      o.Origin,
		host:        o.Host,
		key:         o.Key,
		lists:       fmt.Sprintf("%q %q %+v", o.Protocols, o.Header, o.Deflate), // maps come sorted
		tls:         o.TLSConfig,
		keepAlive:   o.KeepAlive,
		writeBuffer: o.WriteBuffer,
		endpoint:    o.endpoint(),
	}
	k.endpoint.Timeout = 0
	if o.Dial != nil || o.Proxy != nil {
		k.opts = o
	}
	return k
}

// turn waits for the caller's turn, which is to use the idle connection that turn
// returns, or, if it returns nil, to make one. In both cases k.open counts it.
func (p *Pool) turn(ctx context.Context, key kindKey) (*kind, *idleConn, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, nil, ErrPoolClosed
	}
	k := p.kind(key)
	r := k.take()
	switch {
	case r != nil:
		p.mu.Unlock()
		return k, r, nil
	case p.MaxOpen <= 0 || k.open < p.MaxOpen:
		k.open++
		p.mu.Unlock()
		return k, nil, nil
	case p.MaxWaiting != 0 && len(k.waiting) >= p.MaxWaiting:
		p.mu.Unlock()
		return nil, nil, ErrTooManyWaiting
	}
	turn := make(chan *idleConn, 1)
	k.waiting = append(k.waiting, turn)
	p.mu.Unlock()
	r, err := p.await(ctx, k, turn)
	return k, r, err
}

// another gives up the place of a connection that cannot be used again for an idle
// one. If there is none, the result is nil and the place remains.
func (p *Pool) another(k *kind) *idleConn {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := k.take()
	if r != nil {
		p.releaseLocked(k)
	}
	return r
}

// kind returns the kind of key.
func (p *Pool) kind(key kindKey) *kind {
	k := p.kinds[key]
	if k == nil {
		if p.kinds == nil {
			p.kinds = make(map[kindKey]*kind)
		}
		k = &kind{key: key}
		p.kinds[key] = k
	}
	return k
}

// await waits until the caller of Get that has appended turn to k.waiting has its
// turn. The result is as that of turn.
func (p *Pool) await(ctx context.Context, k *kind, turn chan *idleConn) (*idleConn, error) {
	var r *idleConn
	var ok bool
	select {
	case r, ok = <-turn:
	case <-ctx.Done():
		if p.leave(k, turn) {
			return nil, context.Cause(ctx)
		}
		r, ok = <-turn // the turn came at the same time
	}
	if !ok {
		return nil, ErrPoolClosed
	}
	return r, nil
}

// leave removes turn from k.waiting. It reports false if turn has been removed
// before.
func (p *Pool) leave(k *kind, turn chan *idleConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.Index(k.waiting, turn)
	if i < 0 {
		return false
	}
	k.waiting = slices.Delete(k.waiting, i, i+1)
	return true
}

// release gives up one of the connections that k.open counts. The caller of Get
// that has waited longest gets its place.
func (p *Pool) release(k *kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.releaseLocked(k)
}

func (p *Pool) releaseLocked(k *kind) {
	if k.offer(nil) {
		return
	}
	k.open--
	if k.open == 0 {
		delete(p.kinds, k.key)
	}
}

// take takes out the idle connection that was put last, nil if there is none.
func (k *kind) take() *idleConn {
	last := len(k.idle) - 1
	if last < 0 {
		return nil
	}
	r := k.idle[last]
	k.idle = slices.Delete(k.idle, last, last+1)
	return r
}

// offer gives r, or for nil the right to make a connection, to the caller of Get
// that has waited longest. It reports whether there is one.
func (k *kind) offer(r *idleConn) bool {
	if len(k.waiting) == 0 {
		return false
	}
	k.waiting[0] <- r
	k.waiting = slices.Delete(k.waiting, 0, 1)
	return true
}

// evict ends the wait of the connections that have waited longest, so that no more
// than n remain idle.
func (k *kind) evict(n int) {
	for _, r := range k.idle[:max(0, len(k.idle)-max(0, n))] {
		r.stop()
	}
}
