package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// A process is this program in another role. It ends when its standard input does, so that none outlives its parent.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	replies *json.Decoder
}

// start runs program, this one where it is empty, with the arguments given, on the cores given and on as many of Go's
// processors.
func start(program string, cores []int, args ...string) (*process, error) {
	if program == "" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		program = self
	}
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(len(cores)))
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := startOn(cores, cmd); err != nil {
		return nil, err
	}
	return &process{cmd: cmd, in: in, replies: json.NewDecoder(out)}, nil
}

// startOn starts cmd from a thread that is bound to the cores; the new process inherits the binding for all threads.
func startOn(cores []int, cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, during unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return err
	}
	for _, core := range cores {
		during.Set(core)
	}
	if err := unix.SchedSetaffinity(0, &during); err != nil {
		return err
	}
	defer unix.SchedSetaffinity(0, &before)
	return cmd.Start()
}

// reply decodes the next line of the process.
func (p *process) reply(v any) error {
	if err := p.replies.Decode(v); err != nil {
		return fmt.Errorf("%v: no reply: %w", p.cmd.Args[1:], err)
	}
	return nil
}

// stop closes the process's input and waits for its end, which it enforces after a while.
func (p *process) stop() error {
	p.in.Close()
	late := time.AfterFunc(10*time.Second, func() { p.cmd.Process.Kill() })
	defer late.Stop()
	return p.cmd.Wait()
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

// split gives the server the first n cores, and the load one core of its own where there is one.
func split(all []int, n int) (server, load []int) {
	return all[:min(n, len(all))], all[min(n, len(all)-1):][:1]
}
