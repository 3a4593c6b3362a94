package wiretest

import "io"

// Cuts returns the places at which a test cuts n bytes: each of them as long as
// they are few, and fewer the more bytes there are, at both ends and some
// between them.
func Cuts(n int) []int {
	edge, samples := n, 1
	switch {
	case n > 128<<10:
		edge, samples = 2, 3
	case n > 2<<10:
		edge, samples = 64, 32
	}
	var cuts []int
	for i := 0; i <= n; {
		cuts = append(cuts, i)
		if i < edge || n-i <= edge {
			i++
		} else {
			i = min(i+n/samples, n-edge)
		}
	}
	return cuts
}

// Pieces returns a reader of b that cuts it at each of ends, which ascend, and
// at its own end returns io.EOF. A cut on a cut is a Read of no bytes.
func Pieces(b []byte, ends ...int) io.Reader {
	return &pieces{b: b, ends: append(ends[:len(ends):len(ends)], len(b))}
}

type pieces struct {
	b    []byte
	pos  int
	ends []int
}

func (r *pieces) Read(p []byte) (int, error) {
	if len(r.ends) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.b[r.pos:r.ends[0]])
	r.pos += n
	if r.pos == r.ends[0] {
		r.ends = r.ends[1:]
	}
	return n, nil
}

// Interrupted returns a reader that delivers the bytes of r one at a time, and
// fails with err before each of them and before the end, which stays.
func Interrupted(r io.Reader, err error) io.Reader {
	return &interrupted{r: r, err: err}
}

type interrupted struct {
	r     io.Reader
	err   error
	ready bool  // err has been returned for the next byte
	end   error // of r
}

func (r *interrupted) Read(p []byte) (n int, err error) {
	if r.end != nil {
		return 0, r.end
	}
	if r.ready = !r.ready; r.ready {
		return 0, r.err
	}
	n, r.end = r.r.Read(p[:min(1, len(p))])
	return n, r.end
}

// Scribbling returns a reader like r that fills all of p behind the bytes that
// it returns with garbage, as an io.Reader may.
func Scribbling(r io.Reader) io.Reader { return scribbling{r} }

type scribbling struct{ r io.Reader }

func (r scribbling) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	Scribble(p[n:])
	return n, err
}

// Scribble fills p with garbage. A test scribbles on what it was lent, once
// the loan has ended, and on what it has lent itself.
func Scribble(p []byte) {
	for i := range p {
		p[i] = 0xA5 ^ byte(i)
	}
}
