package deflate

import (
	"sync"
	"time"
)

// DefaultCacheBytes is the budget of a Cache that was given none.
const DefaultCacheBytes = 32 << 20

// sweepTime is how often a Cache drops the encoders that were not used since the
// last time.
const sweepTime = 5 * time.Second

// Cache keeps, between two messages, the encoders of the connections that
// compressed last, up to a budget and for 5 to 10 seconds. A connection whose
// encoder was dropped starts afresh with its next message, as a sender may at
// any time. The zero value has a budget of DefaultCacheBytes.
//
// Multiple goroutines may invoke methods on a Cache simultaneously.
type Cache struct {
	mu       sync.Mutex
	budget   int    // 0 for DefaultCacheBytes, negative for nothing at all
	used     int    // bytes of the encoders listed
	list     slot   // ring: list.next is the most, list.prev the least recently used
	sweeps   uint32 // so far; the number may wrap
	sweeping bool   // another one will follow
}

// processCache is the one that Compressors share unless they name another.
var processCache Cache

// slot is a connection's place in the list. encoder is nil, and the slot in no
// list, while the connection compresses and after its encoder was dropped.
type slot struct {
	encoder    *encoder
	prev, next *slot
	sweeps     uint32 // the cache's when the encoder came
	closed     bool
}

// SetBytes sets the budget, in bytes. If zero, DefaultCacheBytes is used. If
// negative, nothing is kept.
func (c *Cache) SetBytes(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budget = n
	c.evict()
}

// take removes and returns the encoder of owner, nil if there is none.
func (c *Cache) take(owner *Compressor) *encoder {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remove(&owner.slot)
}

// keep lists e as owner's, most recently used.
func (c *Cache) keep(owner *Compressor, e *encoder) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &owner.slot
	if s.closed {
		recycle(e)
		return
	}
	c.init()
	s.encoder = e
	s.prev, s.next = &c.list, c.list.next
	s.prev.next, s.next.prev = s, s
	s.sweeps = c.sweeps
	c.used += e.size()
	c.evict()
	c.plan()
}

// close drops owner's encoder, now or as soon as it is no longer in use.
func (c *Cache) close(owner *Compressor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	owner.slot.closed = true
	if e := c.remove(&owner.slot); e != nil {
		recycle(e)
	}
}

// remove unlists s and returns the encoder it had.
func (c *Cache) remove(s *slot) *encoder {
	e := s.encoder
	if e == nil {
		return nil
	}
	s.prev.next, s.next.prev = s.next, s.prev
	s.encoder, s.prev, s.next = nil, nil, nil
	c.used -= e.size()
	return e
}

// evict drops the least recently used until the budget holds.
func (c *Cache) evict() {
	budget := c.budget
	if budget == 0 {
		budget = DefaultCacheBytes
	}
	for c.used > max(budget, 0) {
		recycle(c.remove(c.list.prev))
	}
}

// plan sees to the next sweep, if there is anything to drop by then.
func (c *Cache) plan() {
	if c.used > 0 && !c.sweeping {
		c.sweeping = true
		time.AfterFunc(sweepTime, c.sweep)
	}
}

// sweep drops what was not used since the last sweep.
func (c *Cache) sweep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := c.list.prev; s != &c.list && s.sweeps != c.sweeps; s = c.list.prev {
		recycle(c.remove(s))
	}
	c.sweeps++
	c.sweeping = false
	c.plan()
}

// init closes the ring of a zero Cache.
func (c *Cache) init() {
	if c.list.next == nil {
		c.list.prev, c.list.next = &c.list, &c.list
	}
}
