package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

var (
	match    = flag.String("run", "", "regexp of the `cases` to run")
	libs     = flag.String("libs", "", "comma-separated `libraries` to run; all where empty")
	rounds   = flag.Int("rounds", 5, "rounds of each case and library, and three times as many of the closest races")
	span     = flag.Duration("time", 2*time.Second, "measured span of a round")
	warm     = flag.Duration("warm", 500*time.Millisecond, "checked traffic before the span")
	bench    = flag.Bool("micro", true, "run the Go benchmarks as well")
	out      = flag.String("out", "results", "`folder` for the report; written nowhere where empty")
	readme   = flag.String("readme", "", "renew the tables in this `file`, the project's README; none where empty")
	from     = flag.String("from", "", "render this `file` of results instead of running anything")
	keep     = flag.String("keep", "", "`file` of earlier results, of which the cases stay that this run leaves out")
	profiles = flag.String("profile", "", "`folder` for the servers' CPU and heap profiles; they cost speed")
	base     = flag.String("base", "", "`checkout` of an earlier version, which races this one as resty-before; none where empty")
	list     = flag.Bool("list", false, "list the cases and libraries")
)

func main() {
	if err := role(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// role is what this process was started as: the server, the load or, from the command line, what drives both.
func role() error {
	switch args := os.Args[1:]; {
	case len(args) == 1 && args[0] == "load":
		return load.Serve(os.Stdin, os.Stdout)
	case len(args) == 3 && args[0] == "server":
		return serve(args[1], args[2])
	}
	flag.Parse()
	switch {
	case *list:
		listAll()
		return nil
	case *from != "":
		results, err := report.Load(*from)
		if err != nil {
			return err
		}
		return write(results)
	}
	results, err := drive()
	if err != nil {
		return err
	}
	if *keep != "" {
		earlier, err := report.Load(*keep)
		if err != nil {
			return err
		}
		results.Keep(earlier)
	}
	return write(results)
}

func serve(name, job string) error {
	lib, ok := servers.Find(name)
	if !ok {
		return fmt.Errorf("no library %q", name)
	}
	var j servers.Job
	if err := json.Unmarshal([]byte(job), &j); err != nil {
		return err
	}
	return servers.Serve(lib, &j, os.Stdin, os.Stdout)
}

func listAll() {
	for _, c := range cases() {
		fmt.Println(c)
	}
	for _, lib := range servers.Libraries {
		fmt.Println(lib.Name)
	}
}

// drive runs what the flags choose.
func drive() (*report.Results, error) {
	pattern, err := regexp.Compile(*match)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	chosen, err := entrants(dir)
	if err != nil {
		return nil, err
	}
	results := newResults(chosen)
	for _, c := range choose(cases(), pattern) {
		done, err := runCase(c, chosen)
		if err != nil {
			return nil, err
		}
		results.Cases = append(results.Cases, done)
	}
	if *bench {
		results.Micro = micro(*rounds)
	}
	return results, nil
}

func chosenLibraries() (chosen []servers.Library, err error) {
	if *libs == "" {
		return servers.Libraries, nil
	}
	for name := range strings.SplitSeq(*libs, ",") {
		lib, ok := servers.Find(name)
		if !ok {
			return nil, fmt.Errorf("no library %q", name)
		}
		chosen = append(chosen, lib)
	}
	return chosen, nil
}

// runCase runs the rounds of a case. The libraries take turns, and the order shifts from round to round.
func runCase(c Case, libs []entrant) (report.Case, error) {
	done := report.Case{
		Name: c.String(), Kind: string(c.Kind), Conns: c.Conns, Cores: c.Cores, Rounds: map[string][]report.Sample{},
	}
	for i := range c.rounds() {
		for j := range libs {
			lib := libs[(i+j)%len(libs)]
			if !c.runs(lib.Name) {
				continue
			}
			sample, err := measure(c, lib, *warm, *span)
			if err != nil {
				return done, fmt.Errorf("%s: %s: %w", c, lib.Name, err)
			}
			fmt.Fprintf(os.Stderr, "%s round %d %s: %v\n", c, i+1, lib.Name, sample)
			done.Rounds[lib.Name] = append(done.Rounds[lib.Name], sample)
		}
	}
	return done, nil
}

// write prints the report, and files it with its charts and the README's tables.
func write(r *report.Results) error {
	r.Markdown(os.Stdout)
	if *out == "" {
		return nil
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	if err := r.Save(filepath.Join(*out, "results.json")); err != nil {
		return err
	}
	if err := r.Files(*out); err != nil || *readme == "" {
		return err
	}
	return r.Summarize(*readme)
}
