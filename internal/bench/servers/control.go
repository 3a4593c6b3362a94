package servers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// Stats is what a server process has used since it started.
type Stats struct {
	Addr    string        // that it listens on
	CPU     time.Duration // user and system time: what /proc/PID/stat counts, in microseconds instead of ticks
	Mallocs uint64        // heap objects allocated
	Bytes   uint64        // heap bytes allocated
	RSS     int           // resident bytes now
	Members int64         // connections that a broadcast reaches
}

// Serve runs lib's server on a loopback port and answers each line of r, "stats" or "settle", with its Stats on w; the
// first Stats comes unasked. "settle" first gives all free memory back to the system. It returns when r ends.
func Serve(lib Library, job *Job, r io.Reader, w io.Writer) (err error) {
	stop, err := startProfile(job.Profile)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	ln, err := job.listen()
	if err != nil {
		return err
	}
	defer ln.Close()
	failed := make(chan error, 1)
	go func() { failed <- lib.serve(ln, job) }()

	replies := json.NewEncoder(w)
	for lines := bufio.NewScanner(r); ; {
		stats, err := used()
		if err != nil {
			return err
		}
		stats.Addr, stats.Members = ln.Addr().String(), job.members.Load()
		if err := replies.Encode(stats); err != nil {
			return err
		}
		if !lines.Scan() {
			return lines.Err()
		}
		select {
		case err := <-failed:
			return err
		default:
		}
		if lines.Text() == "settle" {
			if err := settle(job.Profile); err != nil {
				return err
			}
		}
	}
}

// settle collects garbage often enough to empty every sync.Pool, whose contents survive one collection.
func settle(profile string) error {
	for range 3 {
		runtime.GC()
	}
	debug.FreeOSMemory()
	return saveHeap(profile)
}

// used fills in what the runtime and the kernel know.
func used() (Stats, error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return Stats{}, err
	}
	rss, err := resident()
	return Stats{
		CPU:     time.Duration(u.Utime.Nano() + u.Stime.Nano()),
		Mallocs: m.Mallocs,
		Bytes:   m.TotalAlloc,
		RSS:     rss,
	}, err
}

// resident returns VmRSS of /proc/self/status in bytes.
func resident() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0, fmt.Errorf("servers: no VmRSS in /proc/self/status")
	}
	kib, err := strconv.Atoi(string(fields[0]))
	return kib << 10, err
}
