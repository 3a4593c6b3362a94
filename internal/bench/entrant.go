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
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/servers"
)

// An entrant is a library that takes part, and the program that is its server.
type entrant struct {
	servers.Library
	program string
	version string
}

// entrants are the libraries, and the earlier version if there is one. Its program is built in the folder dir.
func entrants(dir string) (all []entrant, err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	for _, lib := range servers.Libraries {
		all = append(all, entrant{lib, self, version(lib)})
	}
	if *base == "" {
		return all, nil
	}
	past, err := earlier(servers.Libraries[0], dir)
	return slices.Insert(all, 1, past), err
}

// races are the cases of the version before: plain echoes, because both versions' servers must know what a Spec asks.
var races = regexp.MustCompile(`^echo/size=125/conns=(100|1000)/inflight=1/`)

// earlier is lib as the checkout of -base has it.
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
	lib.Name, lib.How, lib.Run = lib.Name+before, "as resty then was, by the bench of that commit", races
	return entrant{lib, program, strings.TrimSpace(string(commit))}, nil
}

// before is what the name of an earlier version ends with. In its program it has the name without that.
const before = "-before"

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

// start runs the entrant's server on the cores given and on as many of Go's processors, and waits until it listens.
func (e entrant) start(spec load.Spec, on []string) (*process, error) {
	job, err := json.Marshal(spec)
	cmd := exec.Command("taskset", "-c", strings.Join(on, ","),
		e.program, "server", strings.TrimSuffix(e.Name, before), string(job))
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
	p, stats := &process{cmd: cmd, in: in, replies: json.NewDecoder(out)}, servers.Stats{}
	if err := p.replies.Decode(&stats); err != nil {
		return nil, errors.Join(fmt.Errorf("the server has not started: %w", err), p.stop())
	}
	p.addr = netip.MustParseAddrPort(stats.Addr)
	return p, nil
}

// A process is a server. It ends when its standard input does, so that none outlives its parent.
type process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	replies *json.Decoder
	addr    netip.AddrPort
}

func (p *process) stop() error {
	p.in.Close()
	late := time.AfterFunc(10*time.Second, func() { p.cmd.Process.Kill() })
	defer late.Stop()
	return p.cmd.Wait()
}
