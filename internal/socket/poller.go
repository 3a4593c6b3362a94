//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"runtime"
	"sync"
)

// A poller waits for the events of its Conns on one goroutine, which exists while there
// are Conns.
type poller struct {
	mu      sync.Mutex
	queue   *queue // nil before the first Conn
	running bool   // the goroutine exists
	open    int    // the Conns
	conns   table

	batch [batchLen]*Conn // the goroutine's own
}

// batchLen is how many events are taken from the kernel at once.
const batchLen = 128

// pollers returns the process's pollers. One is busy with about four processors' events.
var pollers = sync.OnceValue(func() []poller {
	return make([]poller, min(8, (runtime.GOMAXPROCS(0)+3)/4))
})

func pollerOf(fd int) *poller {
	all := pollers()
	return &all[fd%len(all)]
}

// add has c told of its events.
func (p *poller) add(c *Conn) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.queue == nil {
		q, err := newQueue()
		if err != nil {
			return err
		}
		p.queue = q
	}
	*p.conns.at(int(c.fd)) = c
	if err := p.queue.add(int(c.fd)); err != nil {
		*p.conns.at(int(c.fd)) = nil
		return err
	}
	if p.open++; p.open == 1 {
		p.start()
	}
	return nil
}

// remove ends that. The descriptor is still open: if another process has inherited it in
// spite of all, its closing would not end the events.
func (p *poller) remove(c *Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue.remove(int(c.fd))
	*p.conns.at(int(c.fd)) = nil
	if p.open--; p.open == 0 {
		p.queue.stop()
	}
}

// start starts the goroutine, unless the last one has not ended yet and so goes on.
func (p *poller) start() {
	p.queue.resume()
	if !p.running {
		p.running = true
		go p.run()
	}
}

func (p *poller) run() {
	for p.goesOn() {
		p.queue.wait(p.deliver)
	}
}

// goesOn reports whether there are Conns. If not, the goroutine must end.
func (p *poller) goesOn() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = p.open > 0
	return p.running
}

// deliver tells the Conns of at most batchLen events.
func (p *poller) deliver(events []event) {
	p.mu.Lock()
	for i, e := range events {
		p.batch[i] = *p.conns.at(e.fd)
	}
	p.mu.Unlock()
	for i, e := range events {
		if c := p.batch[i]; c != nil {
			c.happened(e)
		}
	}
	clear(p.batch[:len(events)])
}

// A table has a poller's Conns by descriptor. It grows without being copied.
type table struct {
	parts []*[tablePart]*Conn
}

const tablePart = 512

// at returns where the Conn of a descriptor is. No other poller has descriptors that are
// the same modulo the number of pollers.
func (t *table) at(fd int) **Conn {
	i := fd / len(pollers())
	for i/tablePart >= len(t.parts) {
		t.parts = append(t.parts, new([tablePart]*Conn))
	}
	return &t.parts[i/tablePart][i%tablePart]
}
