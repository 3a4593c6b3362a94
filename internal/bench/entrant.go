package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"resty.websocket/internal/bench/servers"
)

// An entrant is a library that takes part, and the program that is its server.
type entrant struct {
	servers.Library
	program string
	as      string // the library's name in that program
	version string
}

// entrants are the libraries that the flags choose, and the earlier version if there is one. Its program is built in the
// folder dir.
func entrants(dir string) (all []entrant, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(*libs, ",") {
		lib, ok := servers.Find(name)
		if !ok {
			return nil, fmt.Errorf("no library %q", name)
		}
		all = append(all, entrant{lib, self, name, version(lib)})
		if name == "resty" && *base != "" {
			before, err := earlier(lib, dir)
			if err != nil {
				return nil, err
			}
			all = append(all, before)
		}
	}
	return all, nil
}

// earlier is lib as the checkout of -base has it. The races are plain echoes, because both versions' servers must know
// what a Job asks.
func earlier(lib servers.Library, dir string) (entrant, error) {
	program := filepath.Join(dir, "before")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir, build.Stderr = filepath.Join(*base, "internal", "bench"), os.Stderr
	if err := build.Run(); err != nil {
		return entrant{}, fmt.Errorf("the bench of %s: %w", *base, err)
	}
	commit, err := exec.Command("git", "-C", *base, "describe", "--always", "--dirty").Output()
	if err != nil {
		return entrant{}, fmt.Errorf("the commit of %s: %w", *base, err)
	}
	e := entrant{lib, program, lib.Name, strings.TrimSpace(string(commit))}
	e.Name, e.How = "resty-before", "as resty then was, by the bench of that commit"
	return e, nil
}

// version returns the version of a library that this program was built with; this library has none.
func version(lib servers.Library) string {
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range build.Deps {
			if dep.Path == lib.Module && dep.Replace == nil {
				return dep.Version
			}
		}
	}
	return "this tree"
}

// start runs the entrant's server on the cores given and on as many of Go's processors.
func (e entrant) start(c Case, on []int) (*process, error) {
	job, err := json.Marshal(c.job())
	list := strings.Trim(strings.ReplaceAll(fmt.Sprint(on), " ", ","), "[]")
	cmd := exec.Command("taskset", "-c", list, e.program, "server", e.as, string(job))
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(len(on)))
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(err, inErr, outErr); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return newProcess(in, out, func() error {
		late := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		defer late.Stop()
		return cmd.Wait()
	})
}

// A process is a server. It ends when its standard input does, so that none outlives its parent.
type process struct {
	in      io.WriteCloser
	replies *json.Decoder
	wait    func() error
	addr    netip.AddrPort
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

func (p *process) stop() error {
	p.in.Close()
	return p.wait()
}
