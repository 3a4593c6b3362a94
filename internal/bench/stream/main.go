package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

var (
	mib     = flag.Int("mib", 1024, "length of the message in `MiB`")
	rounds  = flag.Int("rounds", 3, "rounds of each measurement")
	libs    = flag.String("libs", "resty,gorilla,coder", "comma-separated `libraries` to run")
	only    = flag.String("deflate", "", "the compression to measure: off, on or takeover; all if empty")
	profile = flag.String("profile", "", "`file` for a CPU profile of each measurement, which the next overwrites")
	child   = flag.String("measure", "", "measure this `case` in this process; for internal use")
)

func main() {
	flag.Parse()
	run := drive
	if *child != "" {
		run = runChild
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "stream:", err)
		os.Exit(1)
	}
}

// runChild measures a case, "library/compression/direction", and prints the result.
func runChild() error {
	part := strings.Split(*child, "/")
	i := slices.IndexFunc(libraries, func(l library) bool { return l.name == part[0] })
	r, err := measure(libraries[i], compression(part[1]), part[2] == "down", *mib<<20, *profile)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// drive measures all cases and prints a table.
func drive() error {
	fmt.Println("| deflate | direction | library | MiB/s | resident KiB | allocations a piece |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, c := range []compression{plain, noTakeover, takeover} {
		if *only != "" && *only != string(c) {
			continue
		}
		for _, direction := range []string{"up", "down"} {
			if err := driveCase(c, direction); err != nil {
				return err
			}
		}
	}
	return nil
}

func driveCase(c compression, direction string) error {
	results := map[string][]result{}
	for range *rounds {
		for _, lib := range libraries {
			if !slices.Contains(lib.compressions, c) || !slices.Contains(strings.Split(*libs, ","), lib.name) {
				continue
			}
			r, err := start(fmt.Sprintf("%s/%s/%s", lib.name, c, direction))
			if err != nil {
				return err
			}
			results[lib.name] = append(results[lib.name], r)
		}
	}
	for _, lib := range libraries {
		if rs := results[lib.name]; rs != nil {
			fmt.Printf("| %s | %s | %s | %.0f | %d | %.2f |\n", c, direction, lib.name,
				float64(*mib)/median(rs, func(r result) float64 { return r.Seconds }),
				int(median(rs, func(r result) float64 { return float64(r.Grown) }))>>10,
				median(rs, func(r result) float64 { return r.Allocs }))
		}
	}
	return nil
}

// start measures a case in a process of its own.
func start(name string) (r result, err error) {
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	cmd := exec.Command(self, "-measure", name, "-mib", fmt.Sprint(*mib), "-profile", *profile)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return r, fmt.Errorf("%s: %w", name, err)
	}
	return r, json.Unmarshal(out, &r)
}

func median(rs []result, of func(result) float64) float64 {
	var all []float64
	for _, r := range rs {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}
