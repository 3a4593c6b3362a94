package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// cores returns the processors that this program may use.
func cores() (all []int) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return []int{0}
	}
	for core := 0; len(all) < set.Count(); core++ {
		if set.IsSet(core) {
			all = append(all, core)
		}
	}
	return all
}

// split gives a server the first n cores, and the load one core of its own if there is one.
func split(all []int, n int) (server []int, load int) {
	return all[:min(n, len(all))], all[min(n, len(all)-1)]
}

// bind keeps all threads of this process, which is the load, on one core.
func bind(core int) error {
	runtime.GOMAXPROCS(1)
	out, err := exec.Command("taskset", "-a", "-p", "-c", strconv.Itoa(core), strconv.Itoa(os.Getpid())).CombinedOutput()
	if err != nil {
		return fmt.Errorf("taskset: %w: %s", err, out)
	}
	return nil
}
