// Stream sends one long message over a connection with this library, with gorilla and with coder, and reports how they
// compare. It runs on Linux.
//
//	go run ./stream                       # 1 GiB, 3 rounds: some minutes
//	go run ./stream -mib 64 -libs resty   # less
//
// Each measurement has a process of its own, which is both ends of a TCP connection. The sender writes pieces of 32 KiB
// of JSON, and the receiver reads into a buffer of 32 KiB, with the libraries' streams. Compression is at level 1. The
// libraries take turns, and the table has the medians of the rounds.
//
// The resident memory is the peak during the message less that of the idle connection before it, and is that of both
// ends. The allocations are those of the process over the message, for each piece of 32 KiB.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"resty.websocket/internal/bench/load"
	"resty.websocket/internal/bench/report"
	"resty.websocket/internal/bench/servers"
)

var (
	mib    = flag.Int("mib", 1024, "length of the message in `MiB`")
	rounds = flag.Int("rounds", 3, "rounds of each measurement")
	libs   = flag.String("libs", "resty,gorilla,coder", "comma-separated `libraries` to run")
	child  = flag.String("measure", "", "measure this `case` in this process; for internal use")
)

// words are the table's words for compression.
var words = map[string]load.Deflate{"off": load.Plain, "on": load.NoTakeover, "takeover": load.Takeover}

func main() {
	flag.Parse()
	run := drive
	if *child != "" {
		run = measure
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "stream:", err)
		os.Exit(1)
	}
}

// drive measures all cases and prints a table.
func drive() error {
	fmt.Println("| deflate | direction | library | MiB/s | resident KiB | allocations a piece |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, word := range []string{"off", "on", "takeover"} {
		for _, direction := range []string{"up", "down"} {
			if err := compare(word, direction); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare measures a case with each library, in processes of their own.
func compare(word, direction string) error {
	c := report.Case{Rounds: map[string][]report.Sample{}}
	names := strings.Split(*libs, ",")
	if word == "takeover" {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "gorilla" })
	}
	for range *rounds {
		for _, name := range names {
			cmd := exec.Command(os.Args[0], "-measure", name+"/"+word+"/"+direction, "-mib", fmt.Sprint(*mib))
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				return err
			}
			var sample report.Sample
			if err := json.Unmarshal(out, &sample); err != nil {
				return err
			}
			c.Rounds[name] = append(c.Rounds[name], sample)
		}
	}
	for _, name := range names {
		median := func(field string) float64 { return c.Spread(name, field).Median }
		fmt.Printf("| %s | %s | %s | %.0f | %.0f | %.2f |\n",
			word, direction, name, median("PerSecond"), median("Resident"), median("Allocs"))
	}
	return nil
}

// measure prints what one message comes to: MiB a second, resident KiB, and allocations a piece.
func measure() error {
	part := strings.Split(*child, "/")
	lib, ok := libraries[part[0]]
	if !ok {
		return fmt.Errorf("no library %q", part[0])
	}
	from, to, err := connect(lib, words[part[1]])
	if err != nil {
		return err
	}
	if part[2] == "up" {
		from, to = to, from
	}
	text := load.Records(1<<20, 1) // not more, since as much garbage may gather

	if err := transfer(from, to, text, pieceLen); err != nil { // so that all is in place
		return err
	}
	debug.FreeOSMemory()
	before, err := servers.Resident("VmRSS")
	if err != nil {
		return err
	}
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // VmHWM is the present from now on
		return err
	}
	var m [2]runtime.MemStats
	runtime.ReadMemStats(&m[0])
	start := time.Now()
	if err := transfer(from, to, text, *mib<<20); err != nil {
		return err
	}
	took := time.Since(start)
	runtime.ReadMemStats(&m[1])
	peak, err := servers.Resident("VmHWM")
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(report.Sample{
		PerSecond: float64(*mib) / took.Seconds(), Resident: float64(peak-before) / 1024,
		Allocs: float64(m[1].Mallocs-m[0].Mallocs) / float64(*mib<<20/pieceLen),
	})
}

// pieceLen is how much is written and read at once.
const pieceLen = 32 << 10

// transfer sends a message of n bytes, taken from text over and over, and receives it.
func transfer(from, to end, text []byte, n int) error {
	sent := make(chan error, 1)
	go func() { sent <- send(from, text, n) }()
	_, r, err := to.reader()
	if err != nil {
		return err
	}
	received, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, make([]byte, pieceLen))
	if err != nil {
		return err
	}
	if received != int64(n) {
		return fmt.Errorf("received %d bytes of %d", received, n)
	}
	return <-sent
}

func send(e end, text []byte, n int) error {
	w, err := e.writer()
	if err != nil {
		return err
	}
	for at := 0; at < n; at += pieceLen {
		i := at % len(text)
		if _, err := w.Write(text[i : i+pieceLen]); err != nil {
			return err
		}
	}
	return w.Close()
}
