package differential

import (
	"errors"
	"io"

	"resty.websocket/frame"
)

// decodeOurs reads all frames that reach role through r.
func decodeOurs(r io.Reader, role frame.Role) (o outcome) {
	reader := frame.NewReader(r, role, -1)
	for {
		f, err := reader.ReadFrame()
		if err != nil {
			var broken *frame.ProtocolError
			if errors.As(err, &broken) {
				o.refused = broken
			}
			return o
		}
		o.units = append(o.units, unit{f.Fin, f.Opcode, append([]byte(nil), f.Payload...)})
	}
}
