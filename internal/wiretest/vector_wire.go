package wiretest

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
)

// wire is the bytes of a vector so far, and where masking stands.
type wire struct {
	bytes    []byte
	toServer bool // which is what MASK, key and masked depend on
	key      [4]byte
	pos      int // in the payload
}

// A piece is what one or two words of a line stand for.
type piece struct {
	bytes   []byte
	hasMask bool // MASK|..: the first byte is the one with the MASK bit
	isKey   bool
	masked  bool
}

// addLine adds the bytes that the fields of a line stand for, as often as a
// last field such as *256 says.
func (w *wire) addLine(fields []string) error {
	count := 1
	if n := len(fields); n > 0 && strings.HasPrefix(fields[n-1], "*") {
		var err error
		if count, err = strconv.Atoi(fields[n-1][1:]); err != nil {
			return err
		}
		fields = fields[:n-1]
	}
	line, err := parsePieces(fields)
	if err != nil {
		return err
	}
	for range count {
		for _, p := range line {
			w.add(p)
		}
	}
	return nil
}

// parsePieces parses the fields of a line. The word masked holds for all that
// follows it, the word key for one.
func parsePieces(fields []string) (line []piece, err error) {
	var next piece
	for _, field := range fields {
		switch field {
		case "key":
			next.isKey = true
			continue
		case "masked":
			next.masked = true
			continue
		}
		if err := next.parse(field); err != nil {
			return nil, err
		}
		line = append(line, next)
		next = piece{masked: next.masked}
	}
	return line, nil
}

// parse parses what spells the bytes of a piece: "Hello", 48656c6c6f, MASK|05.
func (p *piece) parse(field string) (err error) {
	if field[0] == '"' {
		s, err := strconv.Unquote(field)
		p.bytes = []byte(s)
		return err
	}
	digits, hasMask := strings.CutPrefix(field, "MASK|")
	p.hasMask = hasMask
	p.bytes, err = hex.DecodeString(digits)
	switch {
	case err == nil && len(p.bytes) == 0:
		err = errors.New("want hex digits")
	case err == nil && p.isKey && len(p.bytes) != 4:
		err = errors.New("want a key of 4 bytes")
	}
	return err
}

// add adds a piece. Towards a client there is no key, and nothing is masked.
func (w *wire) add(p piece) {
	if p.isKey && !w.toServer {
		return
	}
	start := len(w.bytes)
	w.bytes = append(w.bytes, p.bytes...)
	switch {
	case !w.toServer:
	case p.isKey:
		w.key, w.pos = [4]byte(p.bytes), 0
	case p.hasMask:
		w.bytes[start] |= 0x80
	case p.masked:
		w.mask(w.bytes[start:])
	}
}

// mask masks b as Section 5.3 says, octet by octet.
func (w *wire) mask(b []byte) {
	for i := range b {
		b[i] ^= w.key[w.pos%4]
		w.pos++
	}
}
