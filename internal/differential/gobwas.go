package differential

import (
	"bytes"
	"io"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"resty.websocket/frame"
)

// decodeGobwas reads all frames that reach role in stream with the functions
// of gobwas/ws, put together as its documentation has it.
func decodeGobwas(stream []byte, role frame.Role) outcome {
	d := gobwasDecoder{in: bytes.NewReader(stream), state: ws.StateServerSide}
	if role == frame.Client {
		d.state = ws.StateClientSide
	}
	var o outcome
	for {
		u, err := d.frame()
		if err != nil {
			if err != io.EOF && err != io.ErrUnexpectedEOF {
				o.refused = err
			}
			return o
		}
		o.units = append(o.units, u)
		if u.opcode == frame.Close {
			return o
		}
	}
}

type gobwasDecoder struct {
	in    *bytes.Reader
	state ws.State
	text  *wsutil.UTF8Reader // of the text message that is open
}

func (d *gobwasDecoder) frame() (unit, error) {
	h, err := ws.ReadHeader(d.in)
	if err != nil {
		return unit{}, err
	}
	if err := ws.CheckHeader(h, d.state); err != nil {
		return unit{}, err
	}
	payload, err := d.payload(h)
	if err != nil {
		return unit{}, err
	}
	switch {
	case h.OpCode == ws.OpClose && len(payload) > 0:
		if err := ws.CheckCloseFrameData(ws.ParseCloseFrameData(payload)); err != nil {
			return unit{}, err
		}
	case h.OpCode.IsControl():
	case h.Fin:
		if d.text != nil && !d.text.Valid() {
			return unit{}, wsutil.ErrInvalidUTF8
		}
		d.text = nil
		d.state = d.state.Clear(ws.StateFragmented)
	default:
		d.state = d.state.Set(ws.StateFragmented)
	}
	return unit{h.Fin, frame.Opcode(h.OpCode), payload}, nil
}

// payload reads the payload of a frame, as far as it is there.
func (d *gobwasDecoder) payload(h ws.Header) ([]byte, error) {
	r := io.LimitReader(d.in, h.Length)
	if h.Masked {
		r = wsutil.NewCipherReader(r, h.Mask)
	}
	if h.OpCode == ws.OpText {
		d.text = wsutil.NewUTF8Reader(nil)
	}
	if d.text != nil && h.OpCode.IsData() {
		d.text.Source = r
		r = d.text
	}
	payload, err := io.ReadAll(r)
	if err == nil && int64(len(payload)) < h.Length {
		err = io.ErrUnexpectedEOF
	}
	return payload, err
}
