package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"resty.websocket/internal/bench/servers"
)

// A process is a server. It ends when its standard input does, so that none outlives its parent.
type process struct {
	in      io.WriteCloser
	replies *json.Decoder
	wait    func() error
	addr    netip.AddrPort
}

// start runs the entrant's server on the cores given and on as many of Go's processors.
func start(e entrant, c Case, on []int) (*process, error) {
	job, err := json.Marshal(c.job())
	if err != nil {
		return nil, err
	}
	list := strings.Trim(strings.ReplaceAll(fmt.Sprint(on), " ", ","), "[]")
	cmd := exec.Command("taskset", "-c", list, e.program, "server", e.as, string(job))
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(len(on)))
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	wait := func() error {
		late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		defer late.Stop()
		return cmd.Wait()
	}
	return newProcess(in, out, wait)
}

// newProcess waits until the server listens.
func newProcess(in io.WriteCloser, out io.Reader, wait func() error) (*process, error) {
	p, stats := &process{in: in, replies: json.NewDecoder(out), wait: wait}, servers.Stats{}
	if err := p.replies.Decode(&stats); err != nil {
		return nil, errors.Join(fmt.Errorf("the server has not started: %w", err), p.stop())
	}
	p.addr = netip.MustParseAddrPort(stats.Addr)
	return p, nil
}

// stats asks the server what it has used, by "stats" or "settle".
func (p *process) stats(line string) (stats servers.Stats, err error) {
	_, err = io.WriteString(p.in, line+"\n")
	return stats, errors.Join(err, p.replies.Decode(&stats))
}

func (p *process) stop() error {
	p.in.Close()
	return p.wait()
}

// cores returns the processors that this program may use.
func cores() (all []int) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return []int{0}
	}
	for core := 0; len(all) < set.Count(); core++ {
		if set.IsSet(core) {
			all = append(all, core)
		}
	}
	return all
}

// split gives a server the first n cores, and the load one core of its own if there is one.
func split(all []int, n int) (server []int, load int) {
	return all[:min(n, len(all))], all[min(n, len(all)-1)]
}

// bind keeps all threads of this process, which is the load, on one core.
func bind(core int) error {
	runtime.GOMAXPROCS(1)
	threads, err := os.ReadDir("/proc/self/task")
	var set unix.CPUSet
	set.Set(core)
	for _, thread := range threads {
		id, _ := strconv.Atoi(thread.Name()) // the names are numbers
		err = errors.Join(err, unix.SchedSetaffinity(id, &set))
	}
	return err
}
