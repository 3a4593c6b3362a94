package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"

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
	names := strings.Split(*libs, ",")
	if *libs == "" {
		names = names[:0]
		for _, lib := range servers.Libraries {
			names = append(names, lib.Name)
		}
	}
	for _, name := range names {
		lib, ok := servers.Find(name)
		if !ok {
			return nil, fmt.Errorf("no library %q", name)
		}
		all = append(all, entrant{lib, self, lib.Name, version(lib)})
		if lib.Name == "resty" && *base != "" {
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
