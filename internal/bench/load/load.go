package load

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// A Load holds the connections of one Spec.
type Load struct {
	spec    Spec
	poll    *poller
	flights []flight
	conns   []*conn
	readers []*conn // the connections that read
	buf     []byte  // for every read
}

// Serve obeys the commands that it reads from r, one at a time, until r ends.
func Serve(r io.Reader, w io.Writer) error {
	commands, replies := json.NewDecoder(r), json.NewEncoder(w)
	var l *Load
	for {
		var c Command
		if err := commands.Decode(&c); err != nil {
			if err == io.EOF {
				return nil
			}
			return err
		}
		var reply Reply
		var err error
		if l, err = l.obey(c, &reply.Result); err != nil {
			reply.Err = err.Error()
		}
		if err := replies.Encode(reply); err != nil {
			return err
		}
	}
}

// obey returns the load that the next command is for.
func (l *Load) obey(c Command, result *Result) (_ *Load, err error) {
	switch c.Do {
	case "open":
		return Open(c.Spec)
	case "warm":
		*result, err = l.traffic(l.spec.Warm, true)
	case "run":
		*result, err = l.traffic(l.spec.Run, false)
	case "close":
		l.Close()
	default:
		err = fmt.Errorf("load: unknown command %q", c.Do)
	}
	return l, err
}

// Open opens the connections of s; for Handshake there are none yet.
func Open(s *Spec) (*Load, error) {
	poll, err := newPoller()
	if err != nil {
		return nil, err
	}
	l := &Load{spec: *s, poll: poll, buf: make([]byte, 256<<10)}
	if s.Work == Handshake {
		return l, nil
	}
	l.flights = flights(s)
	for i := range s.Conns {
		c, err := open(s, poll, i)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("connection %d: %w", i, err)
		}
		c.opcode, c.size = s.Payload.opcode(), s.Size
		if s.Deflate != Plain {
			c.inflater = &inflater{takeover: s.Deflate == Takeover}
		}
		l.conns = append(l.conns, c)
	}
	l.readers = l.conns
	return l, nil
}

// Close resets all connections.
func (l *Load) Close() {
	for _, c := range l.conns {
		unix.Close(c.fd)
	}
	unix.Close(l.poll.fd)
	l.conns, l.readers = nil, nil
}

// traffic goes on for d, at least for one flight, and ends when every reply is in.
func (l *Load) traffic(d time.Duration, check bool) (Result, error) {
	switch l.spec.Work {
	case Broadcast:
		return l.broadcast(d, check)
	case Handshake:
		return l.handshake(d)
	default:
		return l.echo(d, check)
	}
}

// A span measures traffic while it flows.
type span struct {
	latencies
	start, end time.Time
}

func newSpan(d time.Duration) *span {
	now := time.Now()
	return &span{start: now, end: now.Add(d)}
}

// result is what the span came to when the last reply arrived at now.
func (s *span) result(now time.Time) Result {
	return Result{
		Messages: s.total,
		Elapsed:  now.Sub(s.start),
		P50:      s.quantile(0.50),
		P99:      s.quantile(0.99),
	}
}
