package endpoint

import (
	"encoding/binary"
	"errors"
	"os"
	"runtime"
	"testing"
	"time"
)

// TestDeclaredLength has peers declare a frame of a gibibyte and send a few
// bytes of it: what is held for them is of the order of what has arrived.
func TestDeclaredLength(t *testing.T) {
	const bound = 16 << 10 // in bytes for a connection, the test's own end included
	for _, test := range []struct {
		name  string
		pair  func(t *testing.T, cfg Config) (*Conn, *peer)
		conns int
	}{
		{"10.4/in_memory", newPair, 1000},
		{"10.4/tcp", newTCPPair, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := heapAlloc()
			conns := make([]*Conn, test.conns)
			for i := range conns {
				c, p := test.pair(t, Config{MaxRecvLen: -1, MaxMessageLen: -1, Timeout: time.Millisecond})
				head := binary.BigEndian.AppendUint64([]byte{0x82, 0xff}, 1<<30)
				p.sendBytes(append(head, make([]byte, 4+100)...)) // masking key and payload
				for c.recv.decoder.FrameLen() < 1<<30 {           // the time may be over before the first read
					if _, _, err := c.RecvFrame(); !errors.Is(err, os.ErrDeadlineExceeded) {
						t.Fatalf("RecvFrame: %v, want a timeout", err)
					}
				}
				conns[i] = c
			}
			if held := int64(heapAlloc()-before) / int64(len(conns)); held > bound {
				t.Errorf("%d bytes are held for each connection, want at most %d", held, bound)
			} else {
				t.Logf("%d bytes are held for each connection", held)
			}
			runtime.KeepAlive(conns)
		})
	}
}

// heapAlloc returns what is allocated, without garbage.
func heapAlloc() uint64 {
	runtime.GC()
	runtime.GC() // what pools hold goes with the second one
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
