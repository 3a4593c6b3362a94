package deflate

import "sync"

// DefaultCacheBytes is the budget of a Cache that was given none.
const DefaultCacheBytes = 32 << 20

// Cache keeps, between two messages, the encoders of the connections that
// compressed last, up to a budget. A connection whose encoder was dropped
// starts afresh with its next message, as a sender may at any time. The zero
// value has a budget of DefaultCacheBytes.
//
// Multiple goroutines may invoke methods on a Cache simultaneously.
type Cache struct {
	mu     sync.Mutex
	budget int  // 0 for DefaultCacheBytes, negative for nothing at all
	used   int  // bytes of the encoders listed
	list   slot // ring: list.next is the most, list.prev the least recently used
}

// processCache is the one that Compressors share unless they name another.
var processCache Cache

// SetCacheBytes sets the budget of the cache that the process shares, in bytes.
// If zero, DefaultCacheBytes is used. If negative, nothing is kept.
func SetCacheBytes(n int) { processCache.SetBytes(n) }

// slot is a connection's place in the list. encoder is nil, and the slot in no
// list, while the connection compresses and after its encoder was dropped.
type slot struct {
	encoder    *encoder
	prev, next *slot
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
	c.used += e.size()
	c.evict()
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

// init closes the ring of a zero Cache.
func (c *Cache) init() {
	if c.list.next == nil {
		c.list.prev, c.list.next = &c.list, &c.list
	}
}
