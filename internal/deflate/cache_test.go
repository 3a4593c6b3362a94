package deflate

import (
	"bytes"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// unswept returns a Cache that never sweeps, so that a test may read its fields at any
// time.
func unswept() *Cache { return &Cache{sweeping: true} }

// remembers compresses p and reports whether c still had p in its window.
func remembers(c *Compressor, p []byte) bool {
	out, _ := c.Compress(nil, p)
	return len(out) < len(p)/10
}

func TestCacheKeepsMostRecent(t *testing.T) {
	cache := unswept()
	cache.SetBytes(3*fastestBytes + fastestBytes/2)
	p := records(1000)
	conns := make([]Compressor, 10)
	for i := range conns {
		conns[i] = Compressor{Takeover: true, Cache: cache}
		conns[i].Compress(nil, p)
		if i > 0 && !remembers(&conns[0], p) {
			t.Fatalf("after %d others the connection in use lost its encoder", i)
		}
	}
	for _, i := range []int{0, 9, 8} {
		if !remembers(&conns[i], p) {
			t.Errorf("connection %d, one of the last three, lost its encoder", i)
		}
	}
	if remembers(&conns[1], p) {
		t.Error("a connection beyond the budget has kept its encoder")
	}
	if cache.used > 3*fastestBytes+fastestBytes/2 {
		t.Errorf("%d bytes used", cache.used)
	}
}

func TestCacheBudget(t *testing.T) {
	for _, tt := range []struct {
		name          string
		budget, level int
		conns, want   int // connections, and those that keep their encoder
	}{
		{"default", 0, 1, 100, DefaultCacheBytes / fastestBytes},
		{"default_level_6", 0, 6, 100, DefaultCacheBytes / encoderBytes},
		{"two", 2 * fastestBytes, 1, 5, 2},
		{"too_small_for_one", fastestBytes - 1, 1, 3, 0},
		{"none", -1, 1, 3, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cache := unswept()
			cache.SetBytes(tt.budget)
			conns := make([]Compressor, tt.conns)
			p := records(200)
			for i := range conns {
				conns[i] = Compressor{Level: tt.level, Takeover: true, Cache: cache}
				conns[i].Compress(nil, p)
			}
			kept := 0
			for i := range conns {
				if conns[i].slot.encoder != nil {
					kept++
				}
			}
			if kept != tt.want {
				t.Errorf("%d connections keep an encoder, want %d", kept, tt.want)
			}
			cache.SetBytes(-1)
			if cache.used != 0 || cache.list.next != cache.list.prev {
				t.Errorf("%d bytes used with no budget", cache.used)
			}
		})
	}
}

func TestCacheClose(t *testing.T) {
	cache := unswept()
	c := Compressor{Takeover: true, Cache: cache}
	p := records(1000)
	c.Compress(nil, p)
	if cache.used != fastestBytes {
		t.Fatalf("%d bytes used by one connection", cache.used)
	}
	c.Close()
	c.Close()
	if cache.used != 0 || c.slot.encoder != nil {
		t.Errorf("%d bytes used after Close", cache.used)
	}
	if c.slot.prev != nil || c.slot.next != nil {
		t.Error("a closed Compressor refers to others")
	}
	if remembers(&c, p) || cache.used != 0 {
		t.Error("a closed Compressor keeps its window")
	}
	none := Compressor{}
	none.Close() // nothing to give up
}

// Compressors without a Cache share one.
func TestCacheOfProcess(t *testing.T) {
	listed := func(c *Compressor) bool {
		processCache.mu.Lock()
		defer processCache.mu.Unlock()
		for s := processCache.list.next; s != nil && s != &processCache.list; s = s.next {
			if s == &c.slot {
				return true
			}
		}
		return false
	}
	conns := make([]Compressor, 2)
	for i := range conns {
		conns[i].Takeover = true
		conns[i].Compress(nil, records(200))
	}
	for i := range conns {
		if !listed(&conns[i]) {
			t.Errorf("connection %d is not in the cache of the process", i)
		}
		if conns[i].Close(); listed(&conns[i]) {
			t.Errorf("connection %d is in the cache of the process after Close", i)
		}
	}
}

// An encoder that is dropped, for any reason, serves the next connection.
func TestDroppedEncodersServeOthers(t *testing.T) {
	p, dst := records(200), make([]byte, 0, 400)
	for _, tt := range []struct {
		name string
		drop func(c *Compressor, cache *Cache)
	}{
		{"close", func(c *Compressor, cache *Cache) { c.Close() }},
		{"close_while_in_use", func(c *Compressor, cache *Cache) {
			e := c.acquire(true)
			c.Close()
			cache.keep(c, e)
		}},
		{"evict", func(c *Compressor, cache *Cache) { cache.SetBytes(-1) }},
		{"sweep", func(c *Compressor, cache *Cache) { cache.sweeps++; cache.sweep() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			heap() // empties the pools
			// One allocation is the Compressor, one the Cache.
			got := allocs(func() {
				cache := unswept()
				c := Compressor{Takeover: true, Cache: cache}
				c.Compress(dst, p)
				tt.drop(&c, cache)
			})
			if got > 2 {
				t.Errorf("%v allocations, want 2", got)
			}
		})
	}
}

// Close may be called while Compress runs. The encoder is dropped when Compress is done.
func TestCacheCloseWhileInUse(t *testing.T) {
	cache := unswept()
	c := Compressor{Takeover: true, Cache: cache}
	e := c.acquire(true)
	c.Close()
	cache.keep(&c, e)
	if cache.used != 0 || c.slot.encoder != nil {
		t.Errorf("%d bytes used", cache.used)
	}
}

// The messages of a connection arrive while others displace its encoder.
func TestCacheConcurrently(t *testing.T) {
	cache := unswept()
	cache.SetBytes(4 * fastestBytes)
	text := records(1 << 16)
	var wg sync.WaitGroup
	for conn := range 16 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(conn), 0))
			c := Compressor{Level: 1 + conn%3, Takeover: true, Cache: cache}
			d := Decompressor{Takeover: true}
			for range 200 {
				from := r.IntN(len(text) - 2000)
				p := text[from:][:r.IntN(2000)]
				payload, shrunk := c.Compress(nil, p)
				if !shrunk {
					continue
				}
				if got, err := d.Decompress(nil, payload, len(p)); err != nil || !bytes.Equal(got, p) {
					t.Errorf("connection %d: %v", conn, err)
					return
				}
			}
			c.Close()
		})
		if conn%4 == 0 {
			wg.Go(func() { cache.SetBytes((conn + 1) * fastestBytes) })
		}
	}
	wg.Wait()
	if cache.used != 0 {
		t.Errorf("%d bytes used when all are closed", cache.used)
	}
}

func TestCacheSweeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := new(Cache)
		p := records(1000)
		busy, idle := Compressor{Takeover: true, Cache: cache}, Compressor{Takeover: true, Cache: cache}
		idle.Compress(nil, p)
		for range 16 { // at no time of a sweep
			busy.Compress(nil, p)
			<-time.After(700 * time.Millisecond)
			cache.mu.Lock()
			if busy.slot.encoder == nil {
				t.Error("a connection in use has lost its encoder")
			}
			cache.mu.Unlock()
		}
		synctest.Wait()
		cache.mu.Lock() // for the race detector: the next sweep follows
		if idle.slot.encoder != nil || cache.used != fastestBytes {
			t.Errorf("a connection has kept its encoder for 11 s; %d bytes used", cache.used)
		}
		cache.mu.Unlock()
		<-time.After(2 * sweepTime)
		synctest.Wait()
		if cache.used != 0 || cache.sweeping {
			t.Errorf("%d bytes used when all are idle; another sweep to come: %t", cache.used, cache.sweeping)
		}
		if idle.Compress(nil, p); !remembers(&idle, p) || !cache.sweeping {
			t.Error("a connection that is used again keeps nothing")
		}
	})
}
