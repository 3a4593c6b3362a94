package differential

import (
	"bytes"
	"fmt"

	"resty.websocket/frame"
)

// A unit is what a decoder delivers: a frame, or a whole message where the
// decoder shows no frames.
type unit struct {
	fin     bool
	opcode  frame.Opcode
	payload []byte
}

func (u unit) String() string {
	return fmt.Sprintf("%v fin=%t %.40q (%d bytes)", u.opcode, u.fin, u.payload, len(u.payload))
}

func (u unit) equal(v unit) bool {
	return u.fin == v.fin && u.opcode == v.opcode && bytes.Equal(u.payload, v.payload)
}

// An outcome is what a decoder makes of a stream.
type outcome struct {
	units   []unit
	refused error // why the stream was refused; nil if it was read to its end, or up to a Close frame
}

// messages puts the frames of o together. A control frame that came between
// the fragments of a message is in front of it then. A message that is not
// whole is left out.
func (o outcome) messages() outcome {
	var whole []unit
	var open unit
	for _, u := range o.units {
		switch {
		case u.opcode.IsControl():
			whole = append(whole, u)
			continue
		case u.opcode != frame.Continuation:
			open = unit{fin: true, opcode: u.opcode}
		}
		open.payload = append(open.payload, u.payload...)
		if u.fin {
			whole = append(whole, open)
		}
	}
	return outcome{whole, o.refused}
}

// compare returns in what theirs differs from ours and is not known to, or ""
// if in nothing.
func compare(peer string, ours, theirs outcome) string {
	for i := range max(len(ours.units), len(theirs.units)) {
		switch {
		case i == len(ours.units):
			if ours.refused != nil && (accepts(peer, ours.refused) || disagrees(peer, theirs.units[i])) {
				return ""
			}
			return fmt.Sprintf("%s goes on with %v, we end with %v", peer, theirs.units[i], ours.refused)
		case i == len(theirs.units):
			if theirs.refused != nil && disagrees(peer, ours.units[i]) {
				return ""
			}
			return fmt.Sprintf("we go on with %v, %s ends with %v", ours.units[i], peer, theirs.refused)
		case !ours.units[i].equal(theirs.units[i]):
			return fmt.Sprintf("unit %d is %v, to %s %v", i, ours.units[i], peer, theirs.units[i])
		}
	}
	if (ours.refused == nil) == (theirs.refused == nil) || ours.refused != nil && accepts(peer, ours.refused) {
		return ""
	}
	return fmt.Sprintf("after %d units we end with %v, %s with %v", len(ours.units), ours.refused, peer, theirs.refused)
}
