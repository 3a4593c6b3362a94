package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/cpuid/v2"
	"golang.org/x/sys/unix"

	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

var (
	match  = flag.String("run", "", "regexp of the `cases` to run")
	libs   = flag.String("libs", strings.Join(servers.Names(), ","), "comma-separated `libraries` to run")
	rounds = flag.Int("rounds", 5, "rounds of each case and library, and three times as many of the closest races")
	span   = flag.Duration("time", 2*time.Second, "measured span of a round")
	warm   = flag.Duration("warm", 500*time.Millisecond, "checked traffic before the span")
	bench  = flag.Bool("micro", true, "run the Go benchmarks as well")
	out    = flag.String("out", "results", "`folder` for the report; written nowhere if empty")
	readme = flag.String("readme", "", "renew the tables in this `file`, the project's README; none if empty")
	from   = flag.String("from", "", "render this `file` of results instead of running anything")
	keep   = flag.String("keep", "", "`file` of earlier results, of which the cases stay that this run leaves out")
	base   = flag.String("base", "", "`checkout` of an earlier version, which races this one as resty-before; none if empty")
	list   = flag.Bool("list", false, "list the cases and libraries")
)

func main() {
	run := drive
	if len(os.Args) == 4 && os.Args[1] == "server" {
		run = serve
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// serve is this program as a server: a library's name and a Job are its arguments.
func serve() error {
	lib, ok := servers.Find(os.Args[2])
	if !ok {
		return fmt.Errorf("no library %q", os.Args[2])
	}
	job := new(servers.Job)
	if err := json.Unmarshal([]byte(os.Args[3]), job); err != nil {
		return err
	}
	return servers.Serve(lib, job, os.Stdin, os.Stdout)
}

// drive does what the flags ask for.
func drive() error {
	flag.Parse()
	all, err := cases()
	if err != nil {
		return err
	}
	if *list {
		for _, c := range all {
			fmt.Println(c.Name)
		}
		fmt.Println(strings.Join(servers.Names(), "\n"))
		return nil
	}
	var results *report.Results
	if *from != "" {
		results, err = report.Load(*from)
	} else {
		results, err = measureAll(all)
	}
	if err == nil && *keep != "" {
		err = results.Keep(*keep)
	}
	if err != nil {
		return err
	}
	return results.Write(*out, *readme)
}

// measureAll runs those of the cases that the flags choose.
func measureAll(all []Case) (*report.Results, error) {
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
	var u unix.Utsname
	unix.Uname(&u)
	on := cores()
	r := &report.Results{
		Machine: fmt.Sprintf("%s, %d cores, linux %s", cpuid.CPU.BrandName, len(on), unix.ByteSliceToString(u.Release[:])),
		Go:      runtime.Version(), Date: time.Now().Format(time.DateOnly), Rounds: *rounds, Span: *span,
	}
	if len(on) < 3 {
		r.Note = "A server that is on 2 cores shares one of them with the load."
	}
	for _, e := range chosen {
		r.Libraries = append(r.Libraries, report.Library{Name: e.Name, Version: e.version, How: e.How, UTF8: e.UTF8})
	}
	if *bench {
		r.Micro = micro()
	}
	for _, c := range all {
		if !pattern.MatchString(c.Name) {
			continue
		}
		done, err := runCase(c, chosen, on)
		if err != nil {
			return nil, err
		}
		r.Cases = append(r.Cases, done)
	}
	return r, nil
}

// runCase runs the rounds of a case. The libraries take turns, and the order shifts from round to round.
func runCase(c Case, libs []entrant, on []int) (report.Case, error) {
	done := report.Case{Name: c.Name, Kind: string(c.Kind), Conns: c.Conns, Cores: c.Cores, Rounds: map[string][]report.Sample{}}
	for i := range c.rounds() {
		for j := range libs {
			lib := libs[(i+j)%len(libs)]
			if !c.runs(lib.Library) {
				continue
			}
			sample, err := measure(c, lib, on)
			if err != nil {
				return done, fmt.Errorf("%s: %s: %w", c.Name, lib.Name, err)
			}
			fmt.Fprintf(os.Stderr, "%s round %d %s: %v\n", c.Name, i+1, lib.Name, sample)
			done.Rounds[lib.Name] = append(done.Rounds[lib.Name], sample)
		}
	}
	return done, nil
}

// micro runs the Go benchmarks of ./micro, in the default build and with simd/archsimd if the toolchain has it. It must be
// called in this module's folder.
func micro() (all []report.Micro) {
	for _, build := range []struct{ name, experiment, bench string }{{"default", "", "."}, {"simd", "simd", "Mask|Decode"}} {
		cmd := exec.Command("go", "test", "-run=^$", "-bench="+build.bench, "-benchtime=200ms", "-cpu=1",
			"-count="+strconv.Itoa(*rounds), "./micro")
		cmd.Env = append(os.Environ(), "GOEXPERIMENT="+build.experiment)
		out, err := cmd.CombinedOutput()
		if err != nil {
			fmt.Fprintf(os.Stderr, "micro-benchmarks, %s build: %v\n%s", build.name, err, out)
			continue
		}
		all = append(all, report.ParseMicro(build.name, out)...)
	}
	return all
}
