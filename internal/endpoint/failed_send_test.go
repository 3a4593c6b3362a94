package endpoint

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/frame"
	"resty.websocket/internal/wiretest"
)

// recvs are the two ways to receive.
var recvs = []struct {
	name string
	recv func(c *Conn) (data []byte, typ frame.Opcode, err error)
}{
	{"RecvFrame", (*Conn).RecvFrame},
	{"RecvMessage", (*Conn).RecvMessage},
}

// failsAfterLastWords are the ways in which a send fails after the peer has sent its
// last words.
var failsAfterLastWords = []struct {
	name    string
	timeout time.Duration // of a send
	closes  bool          // the peer closes TCP
}{
	{"peer_is_gone", 0, true},
	{"peer_does_not_read", 5 * time.Millisecond, false},
}

// TestLastWordsAfterFailedSend has a send fail when a message and a Close frame of
// the peer are on their way. They are received, and the Close frame is what has ended
// the connection.
func TestLastWordsAfterFailedSend(t *testing.T) {
	for _, transport := range transports {
		for _, fails := range failsAfterLastWords {
			if fails.closes && transport.name == "net.Pipe" {
				continue // its Write ends when all is read
			}
			for _, role := range []frame.Role{frame.Server, frame.Client} {
				for _, way := range recvs {
					t.Run("7.1.6/"+transport.name+"/"+fails.name+"/"+role.String()+"/"+way.name, func(t *testing.T) {
						if fails.closes {
							needLinux(t, transport.name)
						}
						c, p := transport.pair(t, Config{Role: role, SendTimeout: fails.timeout})
						said := p.saysLast(p.frame(true, frame.Text, "partial result"), p.frame(true, frame.Close, "\x0f\xa1quota exceeded"))
						if transport.name != "net.Pipe" {
							<-said
						}
						switch {
						case fails.closes:
							p.Close()
						case p.own != nil:
							p.stopReading()
						}
						failed := sendToEnd(c)
						wantFatal(t, c, nil)
						if data, typ, err := way.recv(c); string(data) != "partial result" || typ != frame.Text || err != nil {
							t.Fatalf("%s = %q, %v, %v", way.name, data, typ, err)
						}
						_, _, err := way.recv(c)
						wantClosed(t, err, 4001, "quota exceeded")
						wantFatal(t, c, err)
						if _, _, again := way.recv(c); again != err {
							t.Errorf("%s: %v, want %v", way.name, again, err)
						}
						if again := c.SendString("x"); again != failed {
							t.Errorf("SendString: %v, want %v", again, failed)
						}
						<-said
					})
				}
			}
		}
	}
}

// needLinux skips a test in which a reset comes over TCP behind data that is not
// read yet: other systems drop the data.
func needLinux(t *testing.T, transport string) {
	if strings.HasPrefix(transport, "t") && runtime.GOOS != "linux" {
		t.Skip("a reset loses what has arrived")
	}
}

// saysLast has the peer send frames in one write, on a goroutine. The channel is
// closed when they are sent.
func (p *peer) saysLast(frames ...[]byte) (said <-chan bool) {
	done := make(chan bool)
	go func() {
		p.Write(bytes.Join(frames, nil))
		close(done)
	}()
	return done
}

// sendToEnd sends until that fails, and returns the error.
func sendToEnd(c *Conn) (err error) {
	payload := make([]byte, 60000)
	for err == nil {
		err = c.SendFrame(true, frame.Binary, payload)
	}
	return err
}

// TestPongToPeerThatIsGone has messages and Pings between them arrive from a peer
// that has closed TCP. A Pong that fails is no error of the Recv call.
func TestPongToPeerThatIsGone(t *testing.T) {
	for _, transport := range transports {
		for _, role := range []frame.Role{frame.Server, frame.Client} {
			t.Run("5.5.2/"+transport.name+"/"+role.String(), func(t *testing.T) {
				needLinux(t, transport.name)
				c, p := transport.pair(t, Config{Role: role})
				var frames [][]byte
				for _, word := range []string{"one", "two", "three"} {
					frames = append(frames, p.frame(true, frame.Text, word), p.frame(true, frame.Ping, word))
				}
				said := p.saysLast(append(frames, p.frame(true, frame.Close, "\x0f\xa1"))...)
				gone := make(chan bool)
				go func() {
					<-said
					p.Close()
					close(gone)
				}()
				if transport.name != "net.Pipe" { // its Write ends when all is read
					<-gone
				}
				for _, word := range []string{"one", "two", "three"} {
					wantMessage(t, c, word, frame.Text)
				}
				_, _, err := c.RecvMessage()
				wantClosed(t, err, 4001, "")
				wantFatal(t, c, err)
				<-gone
			})
		}
	}
}

// TestPollingEnds has a send run into its Timeout in front of a silent peer. A loop
// that receives again after each timeout comes to its end within 5 seconds, and does
// not spin until then.
func TestPollingEnds(t *testing.T) {
	for _, timeout := range []time.Duration{0, time.Second, time.Hour} {
		for _, way := range recvs {
			t.Run(way.name+"/"+timeout.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c, p := newPair(t, Config{Timeout: timeout, SendTimeout: time.Second})
					p.stopReading()
					if err := c.SendString("not taken"); !errors.Is(err, os.ErrDeadlineExceeded) {
						t.Fatalf("SendString: %v, want a timeout", err)
					}
					start, rounds := time.Now(), 0
					err := os.ErrDeadlineExceeded
					for ; errors.Is(err, os.ErrDeadlineExceeded) && rounds < 100; rounds++ {
						if c.Fatal() != nil {
							t.Fatal("a timeout of a connection that is over")
						}
						_, _, err = way.recv(c)
					}
					if took := time.Since(start); took > lingerTimeout || rounds > 6 {
						t.Errorf("%d rounds in %v", rounds, took)
					}
					if err == nil || c.Fatal() != err {
						t.Errorf("%s: %v, Fatal: %v", way.name, err, c.Fatal())
					}
				})
			})
		}
	}
}

// TestNoTimeoutOfAConnectionThatIsOver ends connections through deadlines. No Recv
// call after the end returns an error that is a reason to call it again.
func TestNoTimeoutOfAConnectionThatIsOver(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(c *Conn, p *peer)
	}{
		{"7.1.1/Close_of_silent_peer", func(c *Conn, p *peer) { c.Close(frame.StatusNormalClosure) }},
		{"7.1.1/Close_not_taken", func(c *Conn, p *peer) { p.stopReading(); c.Close(frame.StatusNormalClosure) }},
		{"7.1.7/fault_not_taken", func(c *Conn, p *peer) {
			p.stopReading()
			p.send(true, frame.Continuation, "")
			c.RecvFrame()
		}},
		{"CloseNow_after_send", func(c *Conn, p *peer) { p.stopReading(); c.SendString("x"); c.CloseNow() }},
		{"Close_after_send", func(c *Conn, p *peer) { p.stopReading(); c.SendString("x"); c.Close(frame.StatusNormalClosure) }},
		{"write_says_timeout", func(c *Conn, p *peer) {
			p.own.ScriptWrites(wiretest.Step{Err: os.ErrDeadlineExceeded})
			c.SendString("x")
			c.Close(frame.StatusNormalClosure)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := newPair(t, Config{Timeout: time.Second})
				test.end(c, p)
				if c.Fatal() == nil {
					t.Fatal("Fatal: nil")
				}
				for _, way := range recvs {
					if _, _, err := way.recv(c); err != c.Fatal() || errors.Is(err, os.ErrDeadlineExceeded) {
						t.Errorf("%s: %v, Fatal: %v", way.name, err, c.Fatal())
					}
				}
			})
		})
	}
}
