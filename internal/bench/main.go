package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"github.com/klauspost/cpuid/v2"
	"golang.org/x/sys/unix"

	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

var (
	match  = regexp.MustCompile("")
	rounds = flag.Int("rounds", 5, "rounds of each case and library, and three times as many of the closest races")
	span   = flag.Duration("time", 2*time.Second, "measured span of a round")
	warm   = flag.Duration("warm", 500*time.Millisecond, "checked traffic before the span")
	bench  = flag.Bool("micro", true, "run the Go benchmarks as well")
	out    = flag.String("out", "results", "`folder` for the report; written nowhere if empty")
	readme = flag.String("readme", "", "renew the table in this `file`, the project's README; none if empty")
	from   = flag.String("from", "", "render this `file` of results instead of running anything")
	keep   = flag.String("keep", "", "`file` of earlier results, of which the cases stay that this run leaves out")
	base   = flag.String("base", "", "`checkout` of an earlier version, which races this one as resty-before; none if empty")
)

func main() {
	flag.TextVar(match, "run", match, "regexp of the `cases` to run, whose names end in /lib=LIBRARY")
	run := drive
	if len(os.Args) == 4 && os.Args[1] == "server" {
		run = func() error { return servers.Serve(os.Args[2], []byte(os.Args[3]), os.Stdin, os.Stdout) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// drive does what the flags ask for.
func drive() (err error) {
	flag.Parse()
	results := new(report.Results)
	if *from != "" {
		results, err = report.Load(*from)
	} else {
		var text bytes.Buffer
		if err = run(io.MultiWriter(&text, os.Stderr)); err == nil {
			err = results.Parse(text.Bytes())
		}
	}
	if err == nil && *keep != "" {
		err = results.Keep(*keep)
	}
	if err != nil {
		return err
	}
	return results.Write(*out, *readme)
}

// run runs what the flags choose, and writes what it came to as the output of Go benchmarks.
func run(w io.Writer) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	libs, err := entrants(dir)
	if err != nil {
		return err
	}
	var benchmarks bytes.Buffer
	if *bench { // before this program is bound to a core, and what it starts as well
		micro(&benchmarks)
	}
	on := cores()
	if err := bind(on[len(on)-1]); err != nil {
		return err
	}
	head(w, libs, on)
	for _, c := range cases() {
		if err := runCase(w, c, libs, on); err != nil {
			return err
		}
	}
	_, err = w.Write(benchmarks.Bytes())
	return err
}

// head writes the configuration of the results.
func head(w io.Writer, libs []entrant, on []string) {
	var u unix.Utsname
	unix.Uname(&u)
	fmt.Fprintf(w, "on: %s, %d cores, linux %s, %s, %s\n", cpuid.CPU.BrandName, len(on),
		unix.ByteSliceToString(u.Release[:]), runtime.Version(), time.Now().Format(time.DateOnly))
	fmt.Fprintf(w, "rounds: %d of %v\n", *rounds, *span)
	if len(on) < 3 {
		fmt.Fprintln(w, "note: A server that is on 2 cores shares one of them with the load.")
	}
	for _, e := range libs {
		fmt.Fprintf(w, "lib-%s: %s | %s | %s\n", e.Name, e.version, e.Validates, e.How)
	}
}

// cores returns the processors that this program may use.
func cores() (all []string) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return []string{"0"}
	}
	for core := 0; len(all) < set.Count(); core++ {
		if set.IsSet(core) {
			all = append(all, strconv.Itoa(core))
		}
	}
	return all
}

// bind keeps all threads of this process, which is the load, on one core.
func bind(core string) error {
	runtime.GOMAXPROCS(1)
	out, err := exec.Command("taskset", "-a", "-p", "-c", core, strconv.Itoa(os.Getpid())).CombinedOutput()
	if err != nil {
		return fmt.Errorf("taskset: %w: %s", err, out)
	}
	return nil
}

// runCase runs the rounds of a case. The libraries take turns, and the order shifts from round to round.
func runCase(w io.Writer, c Case, libs []entrant, on []string) error {
	n := *rounds
	if c.Closest {
		n *= 3
	}
	for i := range n {
		for j := range libs {
			lib := libs[(i+j)%len(libs)]
			if !lib.Has(c.Name) || !match.MatchString(c.Name+"/lib="+lib.Name) {
				continue
			}
			line, err := measure(c, lib, on)
			if err != nil {
				return fmt.Errorf("%s: %s: %w", c.Name, lib.Name, err)
			}
			io.WriteString(w, line)
		}
	}
	return nil
}

// micro writes what the Go benchmarks of ./micro come to, in the default build and with simd/archsimd if the toolchain has
// it. It must be called in this module's folder.
func micro(w io.Writer) {
	for _, build := range []struct{ experiment, pattern string }{{"", "."}, {"simd", "Mask|Decode"}} {
		fmt.Fprintf(w, "build: %s\n", build.experiment)
		cmd := exec.Command("go", "test", "-run=^$", "-bench="+build.pattern, "-benchtime=200ms", "-cpu=1",
			"-count="+strconv.Itoa(*rounds), "./micro")
		cmd.Env = append(os.Environ(), "GOEXPERIMENT="+build.experiment)
		cmd.Stderr = os.Stderr
		text, err := cmd.Output()
		if err != nil {
			fmt.Fprintf(os.Stderr, "Go benchmarks, build %q: %v\n%s", build.experiment, err, text)
			continue
		}
		w.Write(text)
	}
}
