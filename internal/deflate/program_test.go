package deflate

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// A program is a sequence of instructions of two bytes each. The second byte, n,
// stands for amount(n) bytes unless it says otherwise here. A message is put together
// by the add instructions and sent by send.
const (
	addText        = iota // records
	addNoise              // bytes that do not shrink
	addRun                // 8*amount(n) times the byte n
	addAgain              // 300 bytes of earlier messages, from 16*amount(n) bytes ago
	addByte               // the byte n
	send                  // the Writer of compress/flate flushes after n bytes, too
	compressWindow        // of both Decompressors
	dropEncoders          // of the cache
	closeBoth             // the Compressor and the Decompressor that receives from it
	instructions          // their number
)

// These limits bound the time of a program, so that a fuzzer can run thousands a
// second, and the number of shorter programs that it tries for each that it keeps.
const (
	maxInstructions = 12                      // further ones are ignored
	maxProgramBytes = 1<<MaxWindowBits + 2048 // in all messages together
)

// amount returns a number of bytes, most often a small one, up to 2 KiB.
func amount(n byte) int { return int(n) * int(n) / 32 }

// machine runs programs. It sends each message twice: from a Compressor to a
// Decompressor and to the Reader of compress/flate, and from the Writer of
// compress/flate to another Decompressor. The parts that are expensive to make serve
// all programs.
type machine struct {
	text, noise []byte
	senders     map[int]*stdSender // by level
	std         stdReceiver
	cache       *Cache

	c            Compressor
	own, fromStd Decompressor // receive from c and from peer
	peer         *stdSender
	sent, p      []byte // all messages sent, and the one that is put together
}

func newMachine() *machine {
	return &machine{
		text:    records(maxProgramBytes),
		noise:   noise(rand.New(rand.NewPCG(16, 17)), 1<<11),
		senders: make(map[int]*stdSender),
		cache:   unswept(),
	}
}

// run runs a program with compression of these parameters.
func (m *machine) run(t *testing.T, level, bits int, takeover bool, program []byte) {
	m.c = Compressor{Level: level, WindowBits: bits, Takeover: takeover, Cache: m.cache}
	defer m.c.Close() // the next program may use the encoder
	m.own = Decompressor{WindowBits: bits, Takeover: takeover}
	m.fromStd = Decompressor{Takeover: takeover}
	m.std.reset()
	m.startPeer(t, level, takeover)
	m.sent, m.p = m.sent[:0], m.p[:0]
	for range maxInstructions {
		if len(program) < 2 {
			break
		}
		m.do(t, program[0]%instructions, program[1])
		program = program[2:]
	}
	m.send(t, 0)
}

// startPeer makes peer a sender of this level that has sent nothing yet.
func (m *machine) startPeer(t *testing.T, level int, takeover bool) {
	if m.senders[level] == nil {
		m.senders[level] = newStdSender(t, level, takeover)
	}
	m.peer = m.senders[level]
	m.peer.takeover = takeover
	if takeover {
		m.peer.w.Reset(&m.peer.out) // without takeover, payload resets it
	}
}

func (m *machine) do(t *testing.T, instruction, n byte) {
	switch instruction {
	case addText:
		m.add(m.text[int(n):][:amount(n)])
	case addNoise:
		m.add(m.noise[:amount(n)])
	case addRun:
		m.add(bytes.Repeat([]byte{n}, 8*amount(n)))
	case addAgain:
		from := max(0, len(m.sent)-16*amount(n))
		m.add(m.sent[from:min(from+300, len(m.sent))])
	case addByte:
		m.add([]byte{n})
	case send:
		m.send(t, int(n))
	case compressWindow:
		m.own.CompressWindow()
		m.fromStd.CompressWindow()
	case dropEncoders:
		m.cache.SetBytes(-1)
		m.cache.SetBytes(0)
	case closeBoth:
		m.c.Close()
		m.own.Close()
	}
}

// add appends p to the message, or as much of p as maxProgramBytes permits.
func (m *machine) add(p []byte) {
	room := maxProgramBytes - len(m.sent) - len(m.p)
	m.p = append(m.p, p[:min(len(p), room)]...)
}

// send sends the message and fails unless it arrives. The peer flushes after cut bytes.
func (m *machine) send(t *testing.T, cut int) {
	p, cut := m.p, min(cut, len(m.p))
	got, err := m.fromStd.Decompress(nil, m.peer.payload(p[:cut], p[cut:]), len(p))
	if err != nil || !bytes.Equal(got, p) {
		t.Fatalf("message of %d bytes from compress/flate: %d bytes, %v", len(p), len(got), err)
	}
	if payload, shrunk := roundTrip(t, &m.c, &m.own, p); shrunk {
		if !m.c.Takeover {
			m.std.reset()
		}
		if got, err := m.std.message(payload, len(p)); err != nil || !bytes.Equal(got, p) {
			t.Fatalf("message of %d bytes: compress/flate has another, %v", len(p), err)
		}
	}
	m.sent, m.p = append(m.sent, p...), p[:0]
}

// programs are the seeds. Together they run every instruction between two messages,
// with takeover and without.
var programs = []struct {
	level, bits int
	takeover    bool
	program     []byte
}{
	{1, 15, true, []byte{addText, 80, send, 7, addText, 90, send, 0, addText, 80}},
	{1, 15, false, []byte{addText, 80, send, 7, addText, 90, send, 0, addText, 80}},
	{-2, 15, true, []byte{addText, 80, send, 7, addText, 80}},
	{6, 15, true, []byte{addText, 200, send, 0, compressWindow, 0, addText, 180, send, 0, dropEncoders, 0, addText, 160}},
	{9, 15, true, []byte{addText, 180, send, 0, closeBoth, 0, addText, 180, send, 0, addText, 180}},
	{2, 15, true, []byte{addNoise, 250, addText, 9, send, 0, addAgain, 60, send, 0, addAgain, 50, addByte, 1}},
	{1, 15, true, []byte{addByte, 'a', send, 0, addByte, 'b', addByte, 'b', addByte, 'b', send, 0, send, 0}},
	{1, 15, true, []byte{addText, 200, addRun, 255, send, 0, addRun, 253, addNoise, 255, send, 0, addRun, 20, addAgain, 255}},
	{6, 9, false, []byte{addText, 240, addNoise, 120, send, 90, addRun, 80, addText, 200}},
	{1, 11, true, []byte{addText, 250, send, 0, compressWindow, 0, addText, 250, send, 0, compressWindow, 0, addText, 60}},
	{-1, 8, true, []byte{addText, 120, compressWindow, 0, send, 0, compressWindow, 0, addText, 120}},
}
