package wiretest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// parse parses the text of a file of vectors. A vector is a name on a line of
// its own and, indented below it, what the name stands for.
func parse(file, text string) ([]Vector, error) {
	var vectors []Vector
	var open []*builder // of the last name, one for each receiver
	var name string
	finish := func() {
		for _, b := range open {
			vectors = append(vectors, b.vector())
		}
		open = nil
	}
	for i, line := range strings.Split(text, "\n") {
		fields, err := split(line)
		switch {
		case err != nil || len(fields) == 0:
		case line[0] != ' ':
			finish()
			name = fields[0]
		case fields[0] == "to":
			open, err = receivers(name, fields[1:])
		case open == nil:
			err = errors.New(`want "to" first`)
		default:
			for _, b := range open {
				err = errors.Join(err, b.add(fields))
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
		}
	}
	finish()
	return vectors, nil
}

// split splits a line into words and quoted strings, without its comment.
func split(line string) (fields []string, err error) {
	rest := strings.TrimSpace(line)
	for rest != "" && rest[0] != ';' && rest[0] != '#' {
		field, _, _ := strings.Cut(rest, " ")
		if rest[0] == '"' {
			if field, err = strconv.QuotedPrefix(rest); err != nil {
				return nil, err
			}
		}
		fields = append(fields, field)
		rest = strings.TrimLeft(rest[len(field):], " ")
	}
	return fields, nil
}

// A builder builds a vector line by line.
type builder struct {
	v    Vector
	wire wire
}

func (b *builder) vector() Vector {
	b.v.Bytes = b.wire.bytes
	return b.v
}

// receivers begins the vectors of one name: `to both, limit 125, rsv1`.
func receivers(name string, fields []string) ([]*builder, error) {
	parts := strings.Split(strings.Join(fields, " "), ", ")
	roles := parts[:1]
	if roles[0] == "both" {
		roles = []string{"server", "client"}
	}
	var open []*builder
	for _, role := range roles {
		if role != "server" && role != "client" {
			return nil, fmt.Errorf("no such receiver: %s", role)
		}
		b := &builder{v: Vector{Name: name + "/to_" + role, Receiver: role}, wire: wire{toServer: role == "server"}}
		for _, option := range parts[1:] {
			if err := b.v.setOption(option); err != nil {
				return nil, err
			}
		}
		open = append(open, b)
	}
	return open, nil
}

func (v *Vector) setOption(option string) (err error) {
	limit, isLimit := strings.CutPrefix(option, "limit ")
	switch {
	case option == "rsv1":
		v.RSV1 = true
	case limit == "none":
		v.MaxPayloadLen = -1
	case isLimit:
		v.MaxPayloadLen, err = strconv.ParseInt(limit, 10, 64)
	default:
		err = fmt.Errorf("no such option: %s", option)
	}
	return err
}

// add adds what one line says.
func (b *builder) add(fields []string) error {
	switch fields[0] {
	default:
		return b.wire.addLine(fields)
	case "=":
		return b.v.addFrames(fields[1:])
	case "!":
		return b.v.setErr(fields[1:])
	case "...":
		b.v.Incomplete = true
		return nil
	}
}

var opcodes = map[string]uint8{"continuation": 0x0, "text": 0x1, "binary": 0x2, "close": 0x8, "ping": 0x9, "pong": 0xA}

// addFrames adds a frame that has to be delivered, `text more "Hel"`, or, with
// a number in front, so many of them.
func (v *Vector) addFrames(fields []string) error {
	if len(fields) == 0 {
		return errors.New("no frame")
	}
	count, err := strconv.Atoi(fields[0])
	if err != nil {
		count = 1
	} else {
		fields = fields[1:]
	}
	if len(fields) == 0 {
		return errors.New("no frame")
	}
	opcode, ok := opcodes[fields[0]]
	if !ok {
		return fmt.Errorf("no such frame: %s", fields[0])
	}
	f := Frame{Fin: true, Opcode: opcode}
	rest := fields[1:]
	if len(rest) > 0 && rest[0] == "rsv1" {
		f.RSV1, rest = true, rest[1:]
	}
	if len(rest) > 0 && rest[0] == "more" {
		f.Fin, rest = false, rest[1:]
	}
	var payload wire
	if err := payload.addLine(rest); err != nil {
		return err
	}
	f.Payload = payload.bytes
	v.Frames = append(v.Frames, slices.Repeat([]Frame{f}, count)...)
	return nil
}

// setErr sets the error that has to be reported: `1002 frame unmasked`.
func (v *Vector) setErr(fields []string) error {
	if len(fields) < 2 {
		return errors.New("want code and reason")
	}
	code, err := strconv.ParseUint(fields[0], 10, 16)
	v.Err = &Error{Code: uint16(code), Reason: strings.Join(fields[1:], " ")}
	return err
}
