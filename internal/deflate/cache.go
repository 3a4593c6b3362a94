package deflate

import (
	"sync"
	"time"
)

// DefaultCacheBytes is the budget, in bytes, of a Cache that was not given another.
const DefaultCacheBytes = 32 << 20

// sweepTime is the time between two sweeps. A sweep drops the encoders that were not
// used since the one before.
const sweepTime = 5 * time.Second

// Cache keeps the encoders of Compressors between two messages. It keeps those that
// compressed last, up to a budget of bytes, and for 5 to 10 seconds. A Compressor whose
// encoder was dropped starts its next message with an empty window, as a sender may at
// any time. The zero value has a budget of DefaultCacheBytes.
//
// Multiple goroutines may invoke methods on a Cache simultaneously.
type Cache struct {
	mu       sync.Mutex
	budget   int    // 0 means DefaultCacheBytes; if negative, nothing is kept
	used     int    // bytes of the encoders listed
	list     slot   // ring; list.next is the most and list.prev the least recently used
	sweeps   uint32 // number of sweeps so far; it may wrap
	sweeping bool   // a sweep is planned
}

// processCache is the cache of all Compressors whose Cache is nil.
var processCache Cache

// slot is the place of a Compressor in the list. While the Compressor works, and after
// its encoder was dropped, encoder is nil and the slot is not in the list.
type slot struct {
	encoder    *encoder
	prev, next *slot
	sweeps     uint32 // Cache.sweeps when the encoder came
	closed     bool
}

// SetBytes sets the budget, in bytes, and drops the encoders that exceed it. If zero,
// DefaultCacheBytes is used. If negative, nothing is kept.
func (c *Cache) SetBytes(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.budget = n
	c.evict()
}

// take removes the encoder of owner and returns it, or nil if there is none.
func (c *Cache) take(owner *Compressor) *encoder {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.remove(&owner.slot)
}

// keep lists e as the encoder of owner, most recently used. If owner is closed, e is
// recycled instead.
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

// close drops the encoder of owner. If it is in use, keep drops it later.
func (c *Cache) close(owner *Compressor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	owner.slot.closed = true
	if e := c.remove(&owner.slot); e != nil {
		recycle(e)
	}
}

// remove takes s off the list and returns the encoder it had, or nil.
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

// evict drops the least recently used encoders until the budget holds.
func (c *Cache) evict() {
	budget := c.budget
	if budget == 0 {
		budget = DefaultCacheBytes
	}
	for c.used > max(budget, 0) {
		recycle(c.remove(c.list.prev))
	}
}

// plan plans a sweep if there is an encoder to drop and no sweep is planned.
func (c *Cache) plan() {
	if c.used > 0 && !c.sweeping {
		c.sweeping = true
		time.AfterFunc(sweepTime, c.sweep)
	}
}

// sweep drops the encoders that were not used since the last sweep. The list is in
// order of use, so they are its last ones.
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

// init makes the list of a zero Cache an empty ring.
func (c *Cache) init() {
	if c.list.next == nil {
		c.list.prev, c.list.next = &c.list, &c.list
	}
}
