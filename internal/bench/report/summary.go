package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// A summary is a table of the project's own README: between <!-- name --> and <!-- /name -->.
type summary struct {
	name    string
	columns []string
	rows    []summaryRow
}

// A summaryRow has the median of a metric for each column.
type summaryRow struct {
	title  string
	metric Metric
	cells  []source
}

// A source is where the number of a cell comes from: a case, and a library that ran it.
type source struct{ name, lib string }

// compared is a row with a library to each column.
func compared(title, name string, metric Metric) summaryRow {
	row := summaryRow{title, metric, nil}
	for _, lib := range comparedLibraries {
		row.cells = append(row.cells, source{name, lib})
	}
	return row
}

// compressed is a row about this library alone, with a case to each column.
func compressed(title string, metric Metric, names ...string) summaryRow {
	row := summaryRow{title, metric, nil}
	for _, name := range names {
		row.cells = append(row.cells, source{name, "resty"})
	}
	return row
}

var comparedLibraries = []string{"resty", "gorilla", "gorilla-tuned", "coder", "gobwas", "gws"}

var summaries = []summary{
	{"performance", comparedLibraries, []summaryRow{
		compared("echo 125 B, 100 connections, µs", "echo/size=125/conns=100/inflight=1/kind=text", CPU),
		compared("the same, 16 in flight, µs", "echo/size=125/conns=100/inflight=16/kind=text", CPU),
		compared("echo 125 B, 1,000 connections, µs", "echo/size=125/conns=1000/inflight=1/kind=text", CPU),
		compared("echo 16 KiB, 100 connections, µs", "echo/size=16384/conns=100/inflight=1/kind=text", CPU),
		compared("echo 1 MiB, 10 connections, µs", "echo/size=1048576/conns=10/inflight=1/kind=text", CPU),
		compared("the same, not ASCII, µs", "echo/size=1048576/conns=10/inflight=1/kind=nonascii", CPU),
		compared("64 goroutines send 125 B on one connection, µs", burst64, CPU),
		compared("1,000 messages of 200 B pushed in a loop, µs", push, CPU),
		compared("broadcast 1 KiB to 5,000, µs each", broadcast1K, CPU),
		compared("broadcast 10 times 100 B to 5,000, µs each", tenMessages, CPU),
		compared("handshake, µs", "handshake/conns=64", CPU),
		compared("idle connection, bytes", "idle/conns=10000", Resident),
	}},
	{"compression", []string{"off", "on, no takeover", "on, takeover"}, []summaryRow{
		compressed("server CPU for an echo of 1 KiB JSON, µs", CPU,
			"echo/size=1024/conns=100/inflight=1/kind=text", "deflate/size=1024/takeover=off", "deflate/size=1024/takeover=on"),
		compressed("server CPU for an echo of 64 KiB JSON, µs", CPU,
			"echo/size=65536/conns=10/inflight=1/kind=text", "deflate/size=65536/takeover=off", "deflate/size=65536/takeover=on"),
		compressed("allocations for an echo of 1 KiB", Allocs,
			"echo/size=1024/conns=100/inflight=1/kind=text", "deflate/size=1024/takeover=off", "deflate/size=1024/takeover=on"),
		compressed("allocations for an echo of 64 KiB (compress/flate's own)", Allocs,
			"echo/size=65536/conns=10/inflight=1/kind=text", "deflate/size=65536/takeover=off", "deflate/size=65536/takeover=on"),
		compressed("resident bytes of an idle connection that had messages of 32 KiB", Resident,
			"deflate-idle/conns=5000/takeover=none", "deflate-idle/conns=5000/takeover=off", "deflate-idle/conns=5000/takeover=on"),
	}},
}

// Summarize renews the tables in the project's own README.
func (r *Results) Summarize(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for _, s := range summaries {
		var table bytes.Buffer
		s.write(&table, r)
		if text, err = replace(text, s.name, table.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return os.WriteFile(file, text, 0o644)
}

func (s *summary) write(w io.Writer, r *Results) {
	table(w, append([]string{""}, s.columns...))
	for _, line := range s.rows {
		cells := []string{line.title}
		for _, from := range line.cells {
			c, _ := r.Case(from.name)
			if len(c.Rounds[from.lib]) == 0 {
				cells = append(cells, "")
				continue
			}
			cells = append(cells, number(c.Spread(from.lib, line.metric).Median))
		}
		row(w, cells...)
	}
}

// replace puts table between the two comments that name it.
func replace(text []byte, name string, table []byte) ([]byte, error) {
	before, rest, begun := bytes.Cut(text, []byte("<!-- "+name+" -->\n"))
	_, after, ended := bytes.Cut(rest, []byte("<!-- /"+name+" -->\n"))
	if !begun || !ended {
		return nil, fmt.Errorf("no place for the table %q", name)
	}
	return fmt.Appendf(nil, "%s<!-- %s -->\n%s<!-- /%s -->\n%s", before, name, table, name, after), nil
}
