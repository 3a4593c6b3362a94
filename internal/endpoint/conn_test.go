package endpoint

import (
	"bufio"
	"errors"
	"io"
	"net"
	"testing"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

func TestMain(m *testing.M) { wiretest.Main(m) }

// newPair returns an endpoint and its peer, over a connection in memory.
func newPair(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	own, other := wiretest.Pipe()
	return connect(t, cfg, own, other)
}

// newTCPPair is newPair over TCP.
func newTCPPair(t *testing.T, cfg Config) (*Conn, *peer) {
	t.Helper()
	own, other := tcpPipe(t)
	return connect(t, cfg, own, other)
}

// tcpPipe returns the two ends of a TCP connection.
func tcpPipe(t *testing.T) (net.Conn, net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	other, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	own, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	return own, other
}

// connect returns an endpoint over own, and its peer over other.
func connect(t *testing.T, cfg Config, own, other net.Conn) (*Conn, *peer) {
	cfg.Masked = cfg.Role == frame.Client
	c := New(own, &cfg, nil)
	role := frame.Client - cfg.Role
	p := &peer{
		Conn: other,
		t:    t,
		role: role,
		in:   bufio.NewReader(other),
	}
	p.own, _ = own.(*wiretest.Conn)
	t.Cleanup(func() {
		other.Close()
		c.CloseNow()
	})
	return c, p
}

// A peer is the other side of a connection, and does what a test tells it to.
type peer struct {
	net.Conn
	t    *testing.T
	role frame.Role
	in   *bufio.Reader
	own  *wiretest.Conn // the endpoint's end, if it is one in memory
}

// send sends a frame, whether or not the order allows it.
func (p *peer) send(fin bool, op frame.Opcode, payload string) {
	p.t.Helper()
	p.sendBytes(p.frame(fin, op, payload))
}

// frame returns the bytes of a frame.
func (p *peer) frame(fin bool, op frame.Opcode, payload string) []byte {
	h := frame.Header{Fin: fin, Opcode: op, Length: int64(len(payload))}
	if p.role == frame.Client {
		h.Masked, h.MaskKey = true, [4]byte{0x37, 0xfa, 0x21, 0x3d}
	}
	return frame.AppendFrame(nil, h, []byte(payload))
}

func (p *peer) sendBytes(b []byte) {
	p.t.Helper()
	if _, err := p.Write(b); err != nil {
		p.t.Errorf("the peer sends %d bytes: %v", len(b), err)
	}
}

// sendClose sends a Close frame.
func (p *peer) sendClose(code frame.StatusCode, reason string) {
	p.t.Helper()
	p.send(true, frame.Close, string(frame.AppendClose(nil, code, reason)))
}

// recv receives a frame, and nothing that is behind it.
func (p *peer) recv() (f frame.Frame, err error) {
	n := 0
	for arrived := 2; n == 0; arrived++ {
		b, err := p.in.Peek(arrived)
		if err != nil {
			return f, err
		}
		f.Header, n, _ = frame.ParseHeader(b)
	}
	p.in.Discard(n)
	f.Payload = make([]byte, f.Length)
	_, err = io.ReadFull(p.in, f.Payload)
	if f.Masked == (p.role == frame.Client) {
		return f, errors.New("masked by a server, or not masked by a client")
	}
	if f.Masked {
		frame.Mask(f.Payload, f.MaskKey, 0)
	}
	return f, err
}

// want receives a frame and checks it.
func (p *peer) want(fin bool, op frame.Opcode, payload string) {
	p.t.Helper()
	f, err := p.recv()
	if err != nil || f.Fin != fin || f.Opcode != op || string(f.Payload) != payload {
		p.t.Fatalf("the peer receives %v %.40q, FIN %t, %v, want %v %.40q, FIN %t", f.Opcode, f.Payload, f.Fin, err, op, payload, fin)
	}
}

// wantClose receives a Close frame and checks its code.
func (p *peer) wantClose(code frame.StatusCode) {
	p.t.Helper()
	f, err := p.recv()
	if err != nil || f.Opcode != frame.Close {
		p.t.Fatalf("the peer receives %v %.40q, %v, want close %v", f.Opcode, f.Payload, err, code)
	}
	if got, _, err := frame.ParseClose(f.Payload); err != nil || got != code {
		p.t.Fatalf("the peer receives close %v, %v, want %v", got, err, code)
	}
}

// wantEnd receives the end of TCP, and nothing before it.
func (p *peer) wantEnd() {
	p.t.Helper()
	if b, err := io.ReadAll(p.in); len(b) > 0 || err != nil {
		p.t.Fatalf("the peer receives % .40x, %v, want the end", b, err)
	}
}

// wantFrame receives a frame through RecvFrame and checks it.
func wantFrame(t *testing.T, c *Conn, payload string, op frame.Opcode, wantErr error) {
	t.Helper()
	data, typ, err := c.RecvFrame()
	if string(data) != payload || typ != op || !errors.Is(err, wantErr) {
		t.Fatalf("RecvFrame = %.40q, %v, %v, want %.40q, %v, %v", data, typ, err, payload, op, wantErr)
	}
}

// wantMessage receives a message through RecvMessage and checks it.
func wantMessage(t *testing.T, c *Conn, payload string, op frame.Opcode) {
	t.Helper()
	data, typ, err := c.RecvMessage()
	if string(data) != payload || typ != op || err != nil {
		t.Fatalf("RecvMessage = %.40q, %v, %v, want %.40q, %v", data, typ, err, payload, op)
	}
}

// wantFatal checks what ended a connection.
func wantFatal(t *testing.T, c *Conn, want error) {
	t.Helper()
	if err := c.Fatal(); !errors.Is(err, want) {
		t.Fatalf("Fatal() = %v, want %v", err, want)
	}
}
