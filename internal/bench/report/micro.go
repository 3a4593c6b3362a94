package report

import (
	"bufio"
	"bytes"
	"strconv"
	"strings"
)

// ParseMicro reads the output of go test -bench -cpu=1, in which a benchmark may occur several times, and returns the
// medians in the order of first occurrence.
func ParseMicro(build string, output []byte) (all []Micro) {
	var names []string
	values := map[string]map[string][]float64{} // by benchmark and unit
	for lines := bufio.NewScanner(bytes.NewReader(output)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if values[name] == nil {
			values[name] = map[string][]float64{}
			names = append(names, name)
		}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				values[name][fields[i+1]] = append(values[name][fields[i+1]], v)
			}
		}
	}
	for _, name := range names {
		middle := func(unit string) float64 {
			if len(values[name][unit]) == 0 {
				return 0
			}
			return SpreadOf(values[name][unit]).Median
		}
		all = append(all, Micro{
			Build: build, Name: name,
			NsPer: middle("ns/op"), MBPer: middle("MB/s"), Bytes: middle("B/op"), Allocs: middle("allocs/op"),
		})
	}
	return all
}
