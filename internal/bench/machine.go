package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

// machine names the processor, the number of cores and the kernel.
func machine() string {
	var u unix.Utsname
	unix.Uname(&u)
	return fmt.Sprintf("%s, %d cores, %s %s", processor(), len(cores()), runtime.GOOS,
		unix.ByteSliceToString(u.Release[:]))
}

func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	lines := bufio.NewScanner(bytes.NewReader(info))
	for lines.Scan() {
		if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

// version returns the version of a library that this program was built with; this library has none.
func version(lib servers.Library) string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, dep := range build.Deps {
		if dep.Path == lib.Module && dep.Replace == nil {
			return dep.Version
		}
	}
	return "this tree"
}

// newResults describes the run that is about to start.
func newResults(libs []entrant) *report.Results {
	r := &report.Results{
		Machine: machine(), Go: runtime.Version(), Date: time.Now().Format(time.DateOnly), Rounds: *rounds, Span: *span,
	}
	if len(cores()) < 3 {
		r.Note = "Where the server is on 2 cores, it shares one of them with the load."
	}
	for _, lib := range libs {
		r.Libraries = append(r.Libraries, report.Library{
			Name: lib.Name, Version: lib.version, How: lib.How, UTF8: lib.UTF8,
		})
	}
	return r
}
