package report

import (
	"math"
	"strings"
)

// A panel is one case in the chart of bars, with a scale of its own. The shorter bar is the better one.
type panel struct {
	title  string
	name   string // of the case
	metric Metric
	unit   string
}

var panels = []panel{
	{"125 B, 100 connections, 16 in flight", "echo/size=125/conns=100/inflight=16/kind=text", CPU, "µs"},
	{"125 B, 100 connections, 1 in flight", "echo/size=125/conns=100/inflight=1/kind=text", CPU, "µs"},
	{"125 B, 1,000 connections, 1 in flight", "echo/size=125/conns=1000/inflight=1/kind=text", CPU, "µs"},
	{"16 KiB, 100 connections", "echo/size=16384/conns=100/inflight=1/kind=text", CPU, "µs"},
	{"1 MiB, 10 connections", "echo/size=1048576/conns=10/inflight=1/kind=text", CPU, "µs"},
	{"125 B, 64 goroutines send on one connection", burst64, CPU, "µs"},
	{"200 B, 1,000 messages pushed in a loop", push, CPU, "µs"},
	{"1 KiB broadcast to 5,000 connections", broadcast1K, CPU, "µs"},
	{"10 times 100 B broadcast to 5,000 connections", tenMessages, CPU, "µs"},
	{"handshake", "handshake/conns=64", CPU, "µs"},
	{"memory of an idle connection", "idle/conns=10000", Resident, "bytes"},
}

// The chart's measures: two panels to a line, and a line of text to a bar.
const (
	panelWidth = 440
	labelWidth = 100
	valueWidth = 90
	barStep    = 20
	titleStep  = 24
)

// bars draws the server's CPU time per message, and an idle connection's memory, of all libraries.
func (r *Results) bars(t theme) []byte {
	c := newCanvas(t)
	y := float64(titleStep)
	c.write(8, 16, "start", "bold", "Server CPU per message or handshake, and memory per idle connection: less is better")
	tallest, column := 0.0, 0
	for _, p := range panels {
		data, ok := r.Case(p.name)
		if !ok {
			continue
		}
		height := r.panel(c, float64(column*panelWidth), y, p, data)
		tallest = max(tallest, height)
		if column++; column == 2 {
			y, tallest, column = y+tallest, 0, 0
		}
	}
	return c.image(2*panelWidth, y+tallest, "Server CPU per message and memory per connection")
}

// panel draws one case and returns its height.
func (r *Results) panel(c *canvas, x, y float64, p panel, data Case) float64 {
	c.write(x+8, y+18, "start", "bold", p.title)
	at := y + titleStep
	longest := 0.0
	for _, lib := range r.Libraries {
		if v := data.Spread(lib.Name, p.metric).Median; v > longest {
			longest = v
		}
	}
	for _, lib := range r.Libraries {
		v := data.Spread(lib.Name, p.metric).Median
		if math.IsNaN(v) || lib.Name == "resty-before" {
			continue
		}
		colour := c.theirs
		if strings.HasPrefix(lib.Name, "resty") {
			colour = c.ours
		}
		width := (panelWidth - labelWidth - valueWidth) * max(v, 0) / longest
		c.write(x+labelWidth-6, at+14, "end", "normal", lib.Name)
		c.bar(x+labelWidth, at+3, width, barStep-6, colour)
		c.write(x+labelWidth+width+6, at+14, "start", "normal", number(v)+" "+p.unit)
		at += barStep
	}
	return at - y + 12
}
