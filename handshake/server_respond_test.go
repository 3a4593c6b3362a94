package handshake

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A response that has begun stays what it is: the client sees its status, and no
// WebSocket connection.
func TestUpgradeAfterResponse(t *testing.T) {
	for _, tt := range []struct {
		name string
		wrap func(http.ResponseWriter) http.ResponseWriter
	}{
		{"4.2.2/plain", func(w http.ResponseWriter) http.ResponseWriter { return w }},
		{"4.2.2/behind_middleware", func(w http.ResponseWriter) http.ResponseWriter { return wrapped{w} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ts := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusAccepted)
				result, err := new(Server).Upgrade(tt.wrap(w), r)
				if err != nil {
					t.Error(err)
					return
				}
				result.Conn.Close()
			}))
			defer ts.Close()
			nc, err := net.Dial("tcp", ts.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer nc.Close()
			result, err := new(Client).Upgrade(nc, testURL)
			checkRefusal(t, result, err, http.StatusAccepted, "unexpected response status: 202 Accepted")
		})
	}
}

// A recorder is a ResponseWriter whose connection is nc.
type recorder struct {
	*httptest.ResponseRecorder
	nc  *fakeConn
	brw *bufio.ReadWriter
}

func record(nc *fakeConn) *recorder {
	brw := bufio.NewReadWriter(bufio.NewReader(nc), bufio.NewWriter(nc))
	return &recorder{httptest.NewRecorder(), nc, brw}
}

func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) { return w.nc, w.brw, nil }

// A fakeConn fails where it is told to, and counts.
type fakeConn struct {
	net.Conn
	setErr, clearErr, writeErr error
	panics                     bool
	deadline                   time.Time
	written                    []byte
	writes, closes             int
}

func (c *fakeConn) SetWriteDeadline(t time.Time) error { c.deadline = t; return c.setErr }
func (c *fakeConn) SetDeadline(t time.Time) error      { c.deadline = t; return c.clearErr }
func (c *fakeConn) Close() error                       { c.closes++; return nil }

func (c *fakeConn) Write(p []byte) (int, error) {
	c.writes++
	c.written = append(c.written[:0], p...)
	if c.panics {
		panic("Write")
	}
	return len(p), c.writeErr
}

func TestUpgradeOnBrokenConnection(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name string
		nc   fakeConn
		want string
	}{
		{"4.2.2/deadlines", fakeConn{clearErr: broken}, "handshake: deadlines cannot be cleared: broken"},
		{"4.2.2/write", fakeConn{writeErr: broken}, "handshake: failed to send the handshake response: broken"},
		{"4.2.2/write_without_deadlines", fakeConn{setErr: errors.New("none"), clearErr: errors.New("none"), writeErr: broken},
			"handshake: failed to send the handshake response: broken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := record(&tt.nc)
			result, err := new(Server).Upgrade(w, readRequest(t, request()))
			if !errors.Is(err, broken) || err.Error() != tt.want || result.Conn != nil {
				t.Errorf("returned %+v, %v; want %s", result, err, tt.want)
			}
			if w.nc.writes != 1 || w.nc.closes != 1 {
				t.Errorf("%d writes and %d closes", w.nc.writes, w.nc.closes)
			}
			if w.Body.Len() != 0 {
				t.Errorf("answered %q on a hijacked connection", w.Body)
			}
		})
	}
}

// A net.Conn may panic. net/http then leaves a hijacked connection alone.
func TestUpgradePanic(t *testing.T) {
	w := record(&fakeConn{panics: true})
	defer func() {
		if v := recover(); v != "Write" || w.nc.closes != 1 {
			t.Errorf("panicked with %v after %d closes", v, w.nc.closes)
		}
	}()
	new(Server).Upgrade(w, readRequest(t, request()))
	t.Error("returned")
}

// A connection need not have deadlines. The timer in their place does not end it later.
func TestUpgradeWithoutDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		none := errors.New("deadlines are not supported")
		w := record(&fakeConn{setErr: none, clearErr: none})
		result, err := new(Server).Upgrade(w, readRequest(t, request()))
		if err != nil || result.Conn != w.nc || w.nc.writes != 1 {
			t.Errorf("returned %+v, %v after %d writes", result, err, w.nc.writes)
		}
		<-time.After(time.Hour)
		if w.nc.closes != 0 {
			t.Error("closed the connection")
		}
	})
}

// Servers other than net/http may hand out no buffers.
func TestUpgradeWithoutBuffers(t *testing.T) {
	for name, brw := range map[string]*bufio.ReadWriter{"4.2.2/nil": nil, "4.2.2/empty": {}} {
		t.Run(name, func(t *testing.T) {
			w := record(new(fakeConn))
			w.brw = brw
			result, err := new(Server).Upgrade(w, readRequest(t, request()))
			if err != nil || result.Conn != w.nc || result.Early != nil {
				t.Errorf("returned %+v, %v", result, err)
			}
			if !strings.HasPrefix(string(w.nc.written), "HTTP/1.1 101 ") {
				t.Errorf("answered %q", w.nc.written)
			}
		})
	}
}

func TestUpgradeClearsDeadlines(t *testing.T) {
	w := record(&fakeConn{deadline: time.Now()})
	if _, err := new(Server).Upgrade(w, readRequest(t, request())); err != nil {
		t.Fatal(err)
	}
	if !w.nc.deadline.IsZero() {
		t.Errorf("deadline is %v", w.nc.deadline)
	}
}

func TestUpgradeWritesOnce(t *testing.T) {
	for name, header := range map[string]http.Header{
		"short":                  nil,
		"longer_than_the_buffer": {"X-Long": {strings.Repeat("a", 10_000)}},
	} {
		t.Run("4.2.2/"+name, func(t *testing.T) {
			w := record(new(fakeConn))
			s := Server{Header: header}
			if _, err := s.Upgrade(w, readRequest(t, request())); err != nil {
				t.Fatal(err)
			}
			if w.nc.writes != 1 {
				t.Errorf("the response took %d writes", w.nc.writes)
			}
		})
	}
}

func TestUpgradeAllocates(t *testing.T) {
	for _, tt := range []struct {
		name    string
		deflate *Deflate
		most    float64
	}{
		{"4.2.2/plain", nil, 0},
		{"4.2.2/compressed", &Deflate{}, 1}, // the Agreement's
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := Server{Protocols: []string{"superchat", "chat"}, Deflate: tt.deflate}
			w, r := record(new(fakeConn)), readRequest(t, browserRequest)
			got := testing.AllocsPerRun(100, func() {
				if _, err := s.Upgrade(w, r); err != nil {
					t.Fatal(err)
				}
			})
			if got > tt.most {
				t.Errorf("Upgrade allocates %v times, want %v", got, tt.most)
			}
		})
	}
}
