package client

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// A Pool keeps connections to use them again, as OpenResty's set_keepalive does,
// and bounds their number. It is for a proxy that speaks with one upstream, or for
// any protocol in which the next request can be made on any connection. It is not
// for conversations: the server may have state for a connection that was used
// before.
//
// Connections are of one kind, and used in place of one another, if the URLs and
// the Options that they were made with are the same: the URL with its path and user
// information, and the Options by value. Only Timeout does not count, since Get sets it.
// TLSConfig is compared by identity. Functions cannot be compared: if Dial or Proxy is
// set, the Options must be the same pointer. The limits of a Pool are for each kind.
//
// The zero value is ready for use. The fields must not change after the first call.
// Multiple goroutines may invoke the methods simultaneously.
type Pool struct {
	// MaxIdle is the largest number of idle connections of a kind, which wait to
	// be used again. The one that has waited longest makes room for a further one.
	// If zero, 30 is used. If negative, none is kept.
	MaxIdle int

	// IdleTimeout is the time after which an idle connection is closed. If zero,
	// 60 seconds are used. If negative, there is no bound.
	IdleTimeout time.Duration

	// MaxOpen is the largest number of connections of a kind, idle or in use. When
	// it is reached, Get waits for a Put. If zero or negative, there is no limit.
	MaxOpen int

	// MaxWaiting is the largest number of calls of Get that wait for a connection
	// of a kind, as OpenResty's backlog. If zero, there is no limit. If negative,
	// no call waits, which is a backlog of 0: with MaxOpen connections in use Get
	// returns ErrTooManyWaiting.
	MaxWaiting int

	mu     sync.Mutex
	closed bool
	kinds  map[kindKey]*kind
	lent   map[*Conn]*kind // connections that are in use: returned by Get, not given to Put yet

	background sync.WaitGroup // goroutines that watch or close connections
}

// The defaults of nginx's lua_socket_pool_size and lua_socket_keepalive_timeout.
const (
	defaultMaxIdle     = 30
	defaultIdleTimeout = 60 * time.Second
)

var (
	// ErrPoolClosed is the error of Get and Put after Close.
	ErrPoolClosed = errors.New("client: pool is closed")
	// ErrTooManyWaiting is Get's error if MaxOpen connections are in use and
	// MaxWaiting calls of Get wait for one already, or none may wait.
	ErrTooManyWaiting = errors.New("client: too many waiting for a connection")
)

var errNotLent = errors.New("client: not a connection that Get has returned, or given back already")

// Get returns an idle connection of the kind of url and opts, or makes one with
// [Connect] if there is none. The response is the one with which the connection was
// opened. Get returns no idle connection that has ended or on which the server has
// sent a frame of any type. [Conn.ReusedTimes] tells whether a connection was used
// before.
//
// The caller must give the connection back with Put, even if it is over.
//
// If MaxOpen connections are in use, Get waits for its turn, or until ctx is done.
// The error is ErrPoolClosed, ErrTooManyWaiting, the context's cause, or one of
// Connect's.
func (p *Pool) Get(ctx context.Context, url string, opts *Options) (*Conn, *http.Response, error) {
	if opts == nil {
		opts = new(Options)
	}
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	k, r, err := p.turn(ctx, kindOf(url, opts))
	if err != nil {
		return nil, nil, err
	}
	for ; r != nil; r = p.another(k) {
		err := r.claim(ctx)
		if err == nil {
			r.conn.SetTimeout(opts.Timeout)
			p.lend(k, r.conn)
			return r.conn, r.conn.response, nil
		}
		if ctx.Err() != nil {
			p.abandon(k, r)
			return nil, nil, context.Cause(ctx)
		}
		r.conn.CloseNow()
	}
	return p.connect(ctx, k, url, opts)
}

// connect makes a connection of kind k, which k.open counts already.
func (p *Pool) connect(ctx context.Context, k *kind, url string, opts *Options) (c *Conn, resp *http.Response, err error) {
	// After a panic of a function of the Options c is nil, too.
	defer func() {
		if c == nil {
			p.release(k)
		}
	}()
	c, resp, err = Connect(ctx, url, opts)
	if err == nil {
		p.lend(k, c)
	}
	return c, resp, err
}

// Put gives back a connection that Get has returned. If the connection is as good
// as new, it is kept for the next call of Get, and the result is nil. Otherwise it is
// closed in the background, and the error says why: it is over, a message is
// unfinished in either direction, there is data that was not received, a Close
// frame was sent, another goroutine receives, or the pool has been closed.
//
// After Put c is over for its caller, whatever the result: its methods fail, and Put
// refuses it. The next call of Get returns another Conn for the same connection.
func (p *Pool) Put(c *Conn) error {
	k, err := p.takeBack(c)
	if err != nil {
		return err
	}
	next := c.next()
	if err = next.conn().Reusable(); err == nil {
		err = p.keep(k, next)
	}
	if err != nil {
		p.discard(k, next)
	}
	return err
}

// Close closes the idle connections, with a closing handshake of 5 seconds at most,
// and returns when they are closed. Calls of Get that wait, and all further ones,
// return ErrPoolClosed. Connections that are in use go on; Put closes them. The
// result is nil.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.closed = true
	for _, k := range p.kinds {
		k.evict(0)
		for _, turn := range k.waiting {
			close(turn)
		}
		k.waiting = nil
	}
	p.mu.Unlock()
	p.background.Wait()
	return nil
}

func (p *Pool) lend(k *kind, c *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.lent == nil {
		p.lent = make(map[*Conn]*kind)
	}
	p.lent[c] = k
}

func (p *Pool) takeBack(c *Conn) (*kind, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok := p.lent[c]
	if !ok {
		return nil, errNotLent
	}
	delete(p.lent, c)
	return k, nil
}

// discard closes c, without letting the caller wait for the closing handshake.
func (p *Pool) discard(k *kind, c *Conn) {
	if !p.inBackground(func() { c.Close(); p.release(k) }) {
		c.CloseNow()
		p.release(k)
	}
}

// inBackground calls f in a goroutine for which Close waits. It reports false if
// Close was called already, and does not call f then.
func (p *Pool) inBackground(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.background.Go(f)
	return true
}
