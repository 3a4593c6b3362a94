package report

import "io"

// summarized are the rows of the table that the README shows.
var summarized = []struct {
	title, name string
	metric      Metric
}{
	{"echo 125 B, 100 connections, µs", "echo/size=125/conns=100/inflight=1/kind=text", CPU},
	{"the same, 16 in flight, µs", "echo/size=125/conns=100/inflight=16/kind=text", CPU},
	{"echo 125 B, 1,000 connections, µs", "echo/size=125/conns=1000/inflight=1/kind=text", CPU},
	{"echo 16 KiB, 100 connections, µs", "echo/size=16384/conns=100/inflight=1/kind=text", CPU},
	{"echo 1 MiB, 10 connections, µs", "echo/size=1048576/conns=10/inflight=1/kind=text", CPU},
	{"the same, not ASCII, µs", "echo/size=1048576/conns=10/inflight=1/kind=nonascii", CPU},
	{"broadcast 1 KiB to 5,000, µs each", "broadcast/size=1024/conns=5000", CPU},
	{"handshake, µs", "handshake/conns=64", CPU},
	{"idle connection, bytes", "idle/conns=10000", Resident},
}

// Summary writes the table that the README shows: medians of the server's CPU
// time per message, and of an idle connection's memory.
func (r *Results) Summary(w io.Writer) {
	libs := []string{"resty", "resty-cork", "gorilla", "gorilla-tuned", "coder", "gobwas", "gws"}
	table(w, append([]string{""}, libs...))
	for _, s := range summarized {
		cells := []string{s.title}
		c, _ := r.Case(s.name)
		for _, lib := range libs {
			if len(c.Rounds[lib]) == 0 {
				cells = append(cells, "")
				continue
			}
			cells = append(cells, number(c.Spread(lib, s.metric).Median))
		}
		row(w, cells...)
	}
}
