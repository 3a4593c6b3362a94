package client

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"
)

// A Pool keeps connections that nobody needs for the time being, as OpenResty's
// set_keepalive does, and bounds how many there are. It is for a proxy that
// speaks with one upstream, or for any protocol in which one connection is as
// good as another for the next request. It is not for conversations: whoever
// gets a used connection gets whatever state the server has for it.
//
// Connections are of one kind, and taken for one another, if what they were made
// with is the same: the URL with its path and user information, and the Options
// with subprotocols, Origin, Header, Host, Key, limits, SendUnmasked, Cork,
// Deflate and KeepAlive by value, and TLSConfig by identity. Functions cannot be
// compared: if Dial or Proxy is set, only the same *Options will do. Timeout does
// not matter; it is set anew. The limits of a Pool are for each kind.
//
// The zero value is ready for use. The fields must not change once it is used.
// Multiple goroutines may invoke the methods simultaneously.
type Pool struct {
	// MaxIdle is how many connections of a kind wait to be used again, at most;
	// the one that has waited longest makes room. If zero, 30 is used. If
	// negative, none waits.
	MaxIdle int

	// IdleTimeout is how long a connection waits to be used again before it is
	// closed. If zero, 60 seconds are used. If negative, there is no bound.
	IdleTimeout time.Duration

	// MaxOpen is how many connections of a kind there are, in use or not. At
	// this number Get waits for a Put. If zero, there is no limit.
	MaxOpen int

	// MaxWaiting is how many calls of Get may wait for a connection of a kind, as
	// OpenResty's backlog. If zero, there is no limit. If negative, no call waits,
	// which is a backlog of 0: at MaxOpen Get returns ErrTooManyWaiting.
	MaxWaiting int

	mu     sync.Mutex
	closed bool
	kinds  map[kindKey]*kind
	lent   map[*Conn]*kind // what Get has returned and Put has not got back

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

// Get is Connect, except that a connection of the same kind that waits in the
// pool is used again. The response is then that of the time when it was made. A
// connection that has ended while it was waiting, or on which the server has sent
// anything, be it a ping, is never returned.
//
// The caller has to give the connection back with Put, whatever became of it.
//
// If there are MaxOpen connections, Get waits for its turn, or until ctx is done.
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

// connect makes a connection of kind k, which counts it already.
func (p *Pool) connect(ctx context.Context, k *kind, url string, opts *Options) (c *Conn, resp *http.Response, err error) {
	// Without c, a function of the Options may have panicked.
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

// Put gives back a connection that Get has returned. If it is as good as new it is
// kept for the next Get, and the result is nil. Otherwise it is closed in the
// background, and the error says why: it is over, a message is unfinished in
// either direction, there is data that was not received, a Close frame was sent,
// another goroutine receives, or the pool has been closed.
//
// From then on c is over for its caller, whatever the result: its methods fail, and
// Put refuses it. The next Get returns another Conn for the same connection.
func (p *Pool) Put(c *Conn) error {
	k, err := p.takeBack(c)
	if err != nil {
		return err
	}
	next := c.next()
	if err = next.conn().Idle(); err == nil {
		err = p.keep(k, next)
	}
	if err != nil {
		p.discard(k, next)
	}
	return err
}

// Close closes the connections that wait in the pool, with a closing handshake
// of 5 seconds at most, and lets calls of Get fail, those that wait included.
// Connections in use go on, and are closed when Put gets them. The result is
// nil.
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
