package main

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"resty.websocket/internal/bench/report"
)

// micro runs the Go benchmarks of ./micro, in the default build and, where the toolchain has it, with simd/archsimd. It
// has to be called in this module's folder.
func micro(rounds int) (all []report.Micro) {
	for _, build := range []struct{ name, experiment, bench string }{
		{"default", "", "."},
		{"simd", "simd", "Mask|Decode"},
	} {
		cmd := exec.Command("go", "test", "-run=^$", "-bench="+build.bench, "-benchtime=200ms", "-cpu=1",
			"-count="+strconv.Itoa(rounds), "./micro")
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
