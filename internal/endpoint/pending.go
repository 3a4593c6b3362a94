package endpoint

import "resty.websocket/frame"

// A pending is the bytes that are to be written next: slab.buf[start:end].
// Without a slab there are none. The zero value is ready.
type pending struct {
	slab  *slab
	start int
	end   int
}

func (p *pending) len() int { return p.end - p.start }

func (p *pending) bytes() []byte {
	if p.slab == nil {
		return nil
	}
	return p.slab.buf[p.start:p.end]
}

// append adds a frame. A new slab has room bytes, or as many as the frame takes if
// that is more.
func (p *pending) append(h *frame.Header, payload []byte, room int) {
	size := h.Len() + len(payload)
	if p.slab == nil {
		p.slab = getSlab(max(size, room))
	} else if len(p.slab.buf)-p.end < size {
		larger := getSlab(max(p.len()+size, 2*p.len(), room))
		p.end, p.start = copy(larger.buf, p.bytes()), 0
		p.slab.free()
		p.slab = larger
	}
	p.end = len(frame.AppendFrame(p.slab.buf[:p.end], *h, payload))
}

// take hands the bytes over to a goroutine that writes them, and then drops them.
func (p *pending) take() pending {
	taken := *p
	*p = pending{}
	return taken
}

// consume drops the first n bytes.
func (p *pending) consume(n int) {
	p.start += n
	if p.start == p.end {
		p.drop()
	}
}

// drop forgets the bytes.
func (p *pending) drop() {
	p.slab.free()
	*p = pending{}
}
