package servers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"
)

// Stats is what a server process has used since it started.
type Stats struct {
	Addr           string        // that it listens on
	CPU            time.Duration // user and system time
	Mallocs, Bytes uint64        // heap objects and bytes allocated
	RSS            int           // resident bytes now
	Members        int           // connections that a broadcast reaches
}

// Serve runs a library's server for a load.Spec, in JSON, on a loopback port and answers each line of r, "stats" or
// "settle", with its Stats on w; the first Stats comes unasked. "settle" first gives all free memory back to the system.
// Serve returns when r ends. The process must then end as well, because the server goes on. It ends if the server fails.
func Serve(lib string, spec []byte, r io.Reader, w io.Writer) error {
	i := slices.IndexFunc(Libraries, func(l Library) bool { return l.Name == lib })
	if i < 0 {
		return fmt.Errorf("servers: no library %q", lib)
	}
	job := &Job{Library: Libraries[i], members: map[conn]struct{}{}}
	if err := json.Unmarshal(spec, &job.Spec); err != nil {
		return err
	}
	ln, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go func() {
		if job.serve != nil {
			log.Fatal(job.serve(ln, job))
		}
		log.Fatal(http.Serve(ln, job.handler(job)))
	}()

	replies, lines := json.NewEncoder(w), bufio.NewScanner(r)
	for more := true; more; more = lines.Scan() {
		if lines.Text() == "settle" {
			for range 3 { // every sync.Pool is empty then, as its contents survive one collection
				runtime.GC()
			}
			debug.FreeOSMemory()
		}
		stats, err := job.stats()
		stats.Addr = ln.Addr().String()
		if err = errors.Join(err, replies.Encode(stats)); err != nil {
			return err
		}
	}
	return lines.Err()
}

// stats fills in what the runtime and the kernel know.
func (j *Job) stats() (Stats, error) {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	rss, rssErr := Resident("VmRSS")
	j.mu.Lock()
	defer j.mu.Unlock()
	return Stats{
		CPU: time.Duration(u.Utime.Nano() + u.Stime.Nano()), Mallocs: m.Mallocs, Bytes: m.TotalAlloc, RSS: rss,
		Members: len(j.members),
	}, errors.Join(err, rssErr)
}

// Resident returns a field of /proc/self/status, in bytes.
func Resident(field string) (kib int, err error) {
	status, err := os.ReadFile("/proc/self/status")
	_, rest, _ := bytes.Cut(status, []byte("\n"+field+":"))
	if _, scanErr := fmt.Sscan(string(rest), &kib); err == nil && scanErr != nil {
		err = fmt.Errorf("servers: no %s in /proc/self/status: %w", field, scanErr)
	}
	return kib << 10, err
}
