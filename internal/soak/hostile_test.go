package soak

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"resty.websocket/frame"
)

// A peer is a hostile one, with a connection for one act.
type peer struct {
	*client // its Reader and Writer are of no use to most acts
	tcp     *net.TCPConn
	random  *rand.Rand
	ctx     context.Context
}

// harass is the process of the hostile peers. Each does one act after the
// other, each on a connection of its own, until standard input ends. It prints
// a line as they begin, and then how often each act was done, and what was not
// answered as it has to be.
func harass() {
	// Hostile peers have machines of their own: what they compute is not to be
	// time that the server lacks.
	runtime.GOMAXPROCS(1)
	debug.SetGCPercent(1000)
	fmt.Println("at it")
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	addr := *target
	counts := make([]int, len(acts))
	var mu sync.Mutex
	var all sync.WaitGroup
	for i := range *hostile {
		all.Go(func() {
			random := rand.New(rand.NewPCG(2, uint64(i)))
			for next := i % len(acts); ctx.Err() == nil; next = random.IntN(len(acts)) {
				err := acts[next].perform(ctx, addr, random)
				mu.Lock()
				if counts[next]++; err != nil && ctx.Err() == nil {
					fmt.Printf("FAIL %s: %v\n", acts[next].name, err)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	for i, a := range acts {
		fmt.Printf("%8d %s\n", counts[i], a.name)
	}
}

// perform does an act and holds the server to its answer.
func (a act) perform(ctx context.Context, addr string, random *rand.Rand) error {
	c, err := connectOr(ctx, addr, a.handshake)
	if err != nil {
		return err
	}
	defer c.nc.Close()
	defer context.AfterFunc(ctx, func() { c.nc.Close() })()
	p := &peer{c, c.nc.(*net.TCPConn), random, ctx}
	a.do(p)
	if len(a.answers) > 0 {
		err = p.awaitClose(a.answers)
	}
	p.pause(min(*lasts/2, 10*time.Second))
	return err
}

// connectOr connects, and does the opening handshake if it is wanted.
func connectOr(ctx context.Context, addr string, handshake bool) (*client, error) {
	if handshake {
		return connect(ctx, addr)
	}
	nc, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	return &client{nc: nc}, err
}

// send sends bytes as they are. Errors do not matter to a hostile peer.
func (p *peer) send(b ...byte) {
	p.nc.SetWriteDeadline(time.Now().Add(time.Second))
	p.nc.Write(b)
}

// sendFrame sends a frame, good or bad.
func (p *peer) sendFrame(h frame.Header, payload string) {
	p.send(masked(h, payload)...)
}

// masked returns a frame as a client sends it.
func masked(h frame.Header, payload string) []byte {
	h.Masked = true
	return frame.AppendFrame(nil, h, []byte(payload))
}

// pause waits for a time of up to most.
func (p *peer) pause(most time.Duration) {
	select {
	case <-time.After(time.Duration(p.random.Int64N(int64(most)))):
	case <-p.ctx.Done():
	}
}

// awaitClose reads up to the server's Close frame, whose code has to be one of
// those.
func (p *peer) awaitClose(codes []frame.StatusCode) error {
	p.nc.SetReadDeadline(time.Now().Add(bearable))
	for {
		f, err := p.r.ReadFrame()
		if err != nil {
			return fmt.Errorf("no Close frame: %w", err)
		}
		if f.Opcode != frame.Close {
			continue
		}
		code, _, err := frame.ParseClose(f.Payload)
		if err == nil && !slices.Contains(codes, code) {
			err = fmt.Errorf("Close frame with %v, want %v", code, codes)
		}
		return err
	}
}
