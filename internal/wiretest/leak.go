package wiretest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Main is for a package's TestMain. It runs the tests and exits, and fails if
// they leave a goroutine or a descriptor behind.
func Main(m *testing.M) {
	descriptors := openDescriptors()
	code := m.Run()
	if code == 0 && !fuzzing() {
		if left := settle(func() []string { return leaks(descriptors) }); len(left) > 0 {
			fmt.Fprintf(os.Stderr, "left behind by the tests:\n\n%s\n", strings.Join(left, "\n\n"))
			code = 1
		}
	}
	os.Exit(code)
}

// NoLeaks fails t if a goroutine or a descriptor is left behind by it when the
// cleanups that are registered later are done.
func NoLeaks(t testing.TB) {
	t.Helper()
	descriptors := openDescriptors()
	goroutines := map[string]bool{}
	for _, stack := range strayGoroutines() {
		goroutines[nameOf(stack)] = true
	}
	t.Cleanup(func() {
		left := settle(func() []string {
			return slices.DeleteFunc(leaks(descriptors), func(s string) bool { return goroutines[nameOf(s)] })
		})
		if len(left) > 0 {
			t.Errorf("left behind:\n\n%s", strings.Join(left, "\n\n"))
		}
	})
}

// nameOf returns "goroutine 42", with which a stack begins.
func nameOf(stack string) string {
	name, _, _ := strings.Cut(stack, " [")
	return name
}

// fuzzing reports whether this is a run with -fuzz, whose processes and pipes
// are not the tests' own.
func fuzzing() bool {
	f := flag.Lookup("test.fuzz")
	return f != nil && f.Value.String() != ""
}

// settle asks left until it returns nothing, since what ends may take a moment
// to be gone, and gives up after some seconds.
func settle(left func() []string) []string {
	for wait := time.Millisecond; ; wait *= 2 {
		found := left()
		if len(found) == 0 || wait > 4*time.Second {
			return found
		}
		<-time.After(wait)
	}
}

// leaks returns the stacks of the goroutines that should not be there, and
// what descriptors are open that were not before.
func leaks(before []string) []string {
	return append(strayGoroutines(), added(openDescriptors(), before)...)
}

// notOurs are functions whose goroutines belong to the runtime or to package
// testing, and may live as long as the process.
var notOurs = []string{
	"testing.(*M).",
	"testing.(*T).Run(",
	"os/signal.loop(",
	"os/signal.signal_recv(",
	"runtime.ensureSigM",
}

// strayGoroutines returns the stacks of all goroutines but this one.
func strayGoroutines() []string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	stacks := strings.Split(strings.TrimSpace(string(buf)), "\n\n")
	return slices.DeleteFunc(stacks[1:], func(stack string) bool {
		return slices.ContainsFunc(notOurs, func(f string) bool { return strings.Contains(stack, f) })
	})
}

// openDescriptors returns what the descriptors of this process are: files and
// sockets. Where there is no /proc it returns nothing. Go's own are not
// counted: the poller, and the pipes through which package net splices one TCP
// connection into another, and which it keeps for the next time.
func openDescriptors() []string {
	paths, _ := filepath.Glob("/proc/self/fd/*")
	var open []string
	for _, path := range paths {
		target, err := os.Readlink(path)
		if err == nil && !strings.HasPrefix(target, "anon_inode:") && !strings.HasPrefix(target, "pipe:") {
			open = append(open, target)
		}
	}
	return open
}

// added returns what is in after and not in before, counting how often.
func added(after, before []string) []string {
	count := map[string]int{}
	for _, s := range before {
		count[s]++
	}
	var more []string
	for _, s := range after {
		if count[s]--; count[s] < 0 {
			more = append(more, "descriptor "+s)
		}
	}
	return more
}
