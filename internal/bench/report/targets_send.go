package report

import "math"

// The cases of sendTargets.
const (
	burst64     = "burst/size=125/senders=64"
	burst1      = "burst/size=125/senders=1"
	push        = "push/size=200/messages=1000"
	broadcast1K = "broadcast/size=1024/conns=5000"
	tenMessages = "broadcast/size=100/conns=5000/inflight=10"
	tenToEach   = "broadcast/size=100/conns=5000/each=10"
	reading     = "stalled/size=16384/conns=1000/stalled=0"
	tenStalled  = "stalled/size=16384/conns=1000/stalled=10"
	race100     = "echo/size=125/conns=100/inflight=1/kind=text"
	race1000    = "echo/size=125/conns=1000/inflight=1/kind=text"
)

// ofSenders is each for the cases in which one library more takes part.
func ofSenders(limit float64) []bound { return onlyOf(limit, append(peers, "gws-async")...) }

// raced is the median, over the rounds, of what lib measured divided by what its earlier version measured in the same
// round: a machine that is slower for a while is so for both.
func raced(name string, metric Metric) func(*Results, string) float64 {
	return func(r *Results, lib string) float64 {
		c, _ := r.Case(name)
		now, before := c.Rounds[lib], c.Rounds[lib+"-before"]
		var ratios []float64
		for i := range min(len(now), len(before)) {
			ratios = append(ratios, metric(now[i])/metric(before[i]))
		}
		return SpreadOf(ratios).Median
	}
}

// held is by how much longer a round takes because some connections do not read.
func held(r *Results, lib string) float64 {
	return median(tenStalled, Round)(r, lib) / median(reading, Round)(r, lib)
}

// mostSendAllocs is the most for a message of a burst.
func mostSendAllocs(r *Results, lib string) float64 {
	return math.Max(median(burst64, Allocs)(r, lib), median(push, Allocs)(r, lib))
}

// sendTargets are the promises about frames that leave together and sends that never wait.
var sendTargets = []target{
	{name: "CPU, 64 goroutines sending on one connection", value: median(burst64, CPU), ours: "resty", bounds: ofSenders(0.08)},
	{name: "CPU, one goroutine sending on one connection", value: median(burst1, CPU), ours: "resty", bounds: ofSenders(0.08)},
	{name: "CPU, 1,000 messages pushed in a loop", value: median(push, CPU), ours: "resty", bounds: ofSenders(0.08)},
	{name: "time, 64 goroutines sending on one connection", value: median(burst64, Wall), ours: "resty", bounds: ofSenders(1)},
	{name: "time, one goroutine sending on one connection", value: median(burst1, Wall), ours: "resty", bounds: ofSenders(1)},
	{name: "time, 1,000 messages pushed in a loop", value: median(push, Wall), ours: "resty", bounds: ofSenders(1)},
	{name: "allocations per message of a burst", value: mostSendAllocs, ours: "resty", bounds: []bound{{"", 0.01}}},
	{name: "allocations per delivery of a broadcast", value: median(broadcast1K, Allocs), ours: "resty", bounds: []bound{{"", 0.01}}},
	ofBefore("CPU, 100 connections, 1 in flight", race100, CPU, 1.02),
	ofBefore("p50, 100 connections, 1 in flight", race100, P50, 1),
	ofBefore("p99, 100 connections, 1 in flight", race100, P99, 1),
	ofBefore("CPU, 1,000 connections, 1 in flight", race1000, CPU, 1.02),
	ofBefore("p50, 1,000 connections, 1 in flight", race1000, P50, 1),
	ofBefore("p99, 1,000 connections, 1 in flight", race1000, P99, 1),
	{
		name:  "time until the first of two answers leaves, the second taking 100 ms",
		value: median("slow/pause=100ms", P50), ours: "resty", unit: " µs", bounds: []bound{{"", 5000}},
	},
	{name: "CPU, broadcast of 1 KiB to 5,000", value: median(broadcast1K, CPU), ours: "resty", bounds: each(1)},
	{name: "CPU, broadcast of 10 times 100 B to 5,000, in turn", value: median(tenMessages, CPU), ours: "resty", bounds: each(0.2)},
	{name: "CPU, broadcast of 10 times 100 B to 5,000, ten to each", value: median(tenToEach, CPU), ours: "resty", bounds: each(0.2)},
	{name: "time of a round with 10 of 1,000 stalled, of one without", value: held, ours: "resty", bounds: []bound{{"", 1.5}}},
	{
		name:  "memory with 10 of 1,000 stalled", // 10 times MaxBacklog
		value: median(tenStalled, Grown), ours: "resty", unit: " bytes", bounds: []bound{{"", 10 << 20}},
	},
	ofEach("CPU, compressed broadcast to 5,000, without takeover", median(broadcast1K+"/takeover=off", CPU)),
	ofEach("CPU, compressed broadcast to 5,000, with takeover", median(broadcast1K+"/takeover=on", CPU)),
	ofEach("the same without takeover, less the CPU of one not compressed", compressing(broadcast1K+"/takeover=off")),
	ofEach("the same with takeover, less the CPU of one not compressed", compressing(broadcast1K+"/takeover=on")),
}

// compressing is what the compression adds to a broadcast: most of the rest is the system call of each delivery.
func compressing(name string) func(*Results, string) float64 {
	return func(r *Results, lib string) float64 {
		return median(name, CPU)(r, lib) - median(broadcast1K, CPU)(r, "resty")
	}
}

// ofBefore bounds what raced measures.
func ofBefore(name, of string, metric Metric, limit float64) target {
	return target{
		name: name + ", against the version before", value: raced(of, metric), ours: "resty", bounds: []bound{{"", limit}},
	}
}

// ofEach bounds a broadcast that is compressed once by one that is compressed for each connection.
func ofEach(name string, value func(*Results, string) float64) target {
	return target{name: name, value: value, ours: "resty", bounds: []bound{{"resty-each", 0.15}}}
}
