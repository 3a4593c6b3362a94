package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"resty.websocket/internal/bench/servers"
)

// An entrant is a library that takes part, and the program that is its server.
type entrant struct {
	servers.Library
	program string // empty: this one
	as      string // the library's name in that program
	version string
}

// entrants are the libraries that the flags choose, and the earlier version where there is one. Its program is built in
// the folder dir.
func entrants(dir string) (all []entrant, err error) {
	chosen, err := chosenLibraries()
	if err != nil {
		return nil, err
	}
	for _, lib := range chosen {
		all = append(all, entrant{Library: lib, as: lib.Name, version: version(lib)})
		if lib.Name != "resty" || *base == "" {
			continue
		}
		before, err := earlier(lib, *base, dir)
		if err != nil {
			return nil, err
		}
		all = append(all, before)
	}
	return all, nil
}

// earlier is lib as the checkout has it. Only what both versions' servers know of a Job may be asked of it, and the races
// are plain echoes.
func earlier(lib servers.Library, checkout, dir string) (entrant, error) {
	program := filepath.Join(dir, "before")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir, build.Stderr = filepath.Join(checkout, "internal", "bench"), os.Stderr
	if err := build.Run(); err != nil {
		return entrant{}, fmt.Errorf("the bench of %s: %w", checkout, err)
	}
	commit, err := exec.Command("git", "-C", checkout, "describe", "--always", "--dirty").Output()
	if err != nil {
		return entrant{}, fmt.Errorf("the commit of %s: %w", checkout, err)
	}
	e := entrant{Library: lib, program: program, as: lib.Name, version: strings.TrimSpace(string(commit))}
	e.Name, e.How = "resty-before", "as resty then was, by the bench of that commit"
	return e, nil
}
