package report

import (
	"fmt"
	"math"
	"slices"
)

// A Sample is what one round measured. A field that the case does not measure is zero.
type Sample struct {
	PerSecond float64 // messages
	CPU       float64 // microseconds of the server a message
	P50, P99  float64 // microseconds
	Allocs    float64 // heap objects a message
	Bytes     float64 // heap bytes a message
	Resident  float64 // bytes a connection
	Round     float64 `json:",omitempty"` // microseconds until all connections that read have a flight of a broadcast
	Longest   float64 `json:",omitempty"` // microseconds of the longest of these
	Grown     float64 `json:",omitempty"` // resident bytes of the process
}

// String is the sample in one line, for the progress of a run.
func (s Sample) String() string {
	line := fmt.Sprintf("%s/s, CPU %s µs, p50 %s µs, p99 %s µs, %s allocs, %s resident bytes",
		number(s.PerSecond), number(s.CPU), number(s.P50), number(s.P99), number(s.Allocs), number(s.Resident))
	if s.Round > 0 {
		line += fmt.Sprintf(", round %s µs (longest %s), grown by %s bytes", number(s.Round), number(s.Longest), number(s.Grown))
	}
	return line
}

// A Metric reads one field of a sample.
type Metric func(Sample) float64

// The metrics are the fields, by their names.
func PerSecond(s Sample) float64 { return s.PerSecond }
func CPU(s Sample) float64       { return s.CPU }
func P50(s Sample) float64       { return s.P50 }
func P99(s Sample) float64       { return s.P99 }
func Allocs(s Sample) float64    { return s.Allocs }
func Bytes(s Sample) float64     { return s.Bytes }
func Resident(s Sample) float64  { return s.Resident }
func Round(s Sample) float64     { return s.Round }
func Longest(s Sample) float64   { return s.Longest }
func Grown(s Sample) float64     { return s.Grown }

// Wall is the time for a message, in microseconds, in which the load waits for it as well.
func Wall(s Sample) float64 { return 1e6 / s.PerSecond }

// A Spread is how a metric lies over the rounds.
type Spread struct {
	Median, Min, Max float64
}

// SpreadOf returns the spread of values; of none, NaNs.
func SpreadOf(values []float64) Spread {
	if len(values) == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return Spread{
		Median: (sorted[(n-1)/2] + sorted[n/2]) / 2,
		Min:    sorted[0],
		Max:    sorted[n-1],
	}
}
