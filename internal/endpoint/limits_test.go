package endpoint

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
)

// TestFrameLimit has the limit of a frame that is not set hold for RecvFrame alone,
// since a browser sends any message in one frame. One that is set holds for both.
func TestFrameLimit(t *testing.T) {
	for _, test := range []struct {
		cfg            Config
		frame, message int // the longest
	}{
		{Config{}, 65535, 1 << 20},
		{Config{MaxMessageLen: 1000}, 65535, 1000},
		{Config{MaxMessageLen: 2 << 20}, 65535, 2 << 20},
		{Config{MaxPayloadLen: 1000}, 1000, 1000},
		{Config{MaxRecvLen: 1000}, 1000, 1000},
		{Config{MaxRecvLen: 2000, MaxPayloadLen: 1000}, 2000, 2000},
		{Config{MaxRecvLen: 65535}, 65535, 65535},
		{Config{MaxPayloadLen: 2 << 20}, 2 << 20, 2 << 20},
		{Config{MaxSendLen: 1000}, 65535, 1 << 20},
		{Config{MaxPayloadLen: 2000, MaxMessageLen: 1000}, 2000, 1000},
	} {
		for _, way := range recvs {
			longest := test.frame
			if way.name == "RecvMessage" {
				longest = test.message
			}
			t.Run(fmt.Sprintf("10.4/%s/%d,%d,%d", way.name, test.cfg.MaxPayloadLen, test.cfg.MaxRecvLen, test.cfg.MaxMessageLen), func(t *testing.T) {
				c, p := newPair(t, test.cfg)
				p.send(true, frame.Binary, strings.Repeat("x", longest))
				p.send(true, frame.Binary, strings.Repeat("x", longest+1))
				if data, _, err := way.recv(c); len(data) != longest || err != nil {
					t.Fatalf("%s = %d bytes, %v, want %d", way.name, len(data), err, longest)
				}
				_, _, err := way.recv(c)
				var broken *frame.ProtocolError
				if !errors.As(err, &broken) || broken.Code != frame.StatusMessageTooBig {
					t.Fatalf("%s of %d bytes: %v, want %v", way.name, longest+1, err, frame.ErrPayloadTooLong)
				}
				p.wantClose(frame.StatusMessageTooBig)
			})
		}
	}
}

// TestFrameLimitAfterTimeout has RecvMessage time out inside a frame that is too long
// for RecvFrame. If RecvMessage has accepted its header, RecvFrame goes on with it.
func TestFrameLimitAfterTimeout(t *testing.T) {
	message := strings.Repeat("x", 100_000)
	for _, sent := range []int{0, 1, 5, 13, 14, 15, 50_000, 100_013} {
		for _, way := range recvs {
			t.Run(fmt.Sprintf("10.4/%s/after=%d", way.name, sent), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Timeout: time.Second})
					b := p.frame(true, frame.Binary, message)
					p.sendBytes(b[:sent])
					if _, _, err := c.RecvMessage(); err != os.ErrDeadlineExceeded {
						t.Fatalf("RecvMessage: %v, want a timeout", err)
					}
					p.sendBytes(b[sent:])
					data, typ, err := way.recv(c)
					if way.name == "RecvMessage" || sent >= maxHeaderLen {
						if string(data) != message || typ != frame.Binary || err != nil {
							t.Errorf("%s = %d bytes, %v, %v", way.name, len(data), typ, err)
						}
						return
					}
					if !errors.Is(err, frame.ErrPayloadTooLong) {
						t.Errorf("RecvFrame = %d bytes, %v, want %v", len(data), err, frame.ErrPayloadTooLong)
					}
					p.wantClose(frame.StatusMessageTooBig)
				})
			})
		}
	}
}
