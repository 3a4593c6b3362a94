package report

import (
	"bytes"
	"math"
	"strings"
)

// A panel is a row of the table of performance, drawn at X and Y.
type panel struct {
	Title string
	X, Y  int
	Bars  []bar
}

// A bar is a cell of the row, drawn at Y.
type bar struct {
	Lib, Class    string
	Y             int
	Value, Length float64
}

// charts draws the table of performance, in a light and a dark version, by their files' names. Rows that were measured
// stand two by two, each with a scale of its own.
func (r *Results) charts() (files map[string][]byte, err error) {
	table, panels := tables["performance"], []panel{}
	height := 20*len(table[0]) + 20
	for _, line := range table[1:] {
		if p := r.panel(line, table[0][1:]); len(p.Bars) > 0 {
			p.X, p.Y = len(panels)%2*440, len(panels)/2*height
			panels = append(panels, p)
		}
	}
	files = map[string][]byte{}
	if len(panels) == 0 {
		return files, nil
	}
	for name, dark := range map[string]bool{"cpu-light.svg": false, "cpu-dark.svg": true} {
		var svg bytes.Buffer
		data := map[string]any{"Dark": dark, "Panels": panels, "Height": (len(panels) + 1) / 2 * height}
		if err := templates.ExecuteTemplate(&svg, "chart.tmpl", data); err != nil {
			return nil, err
		}
		files[name] = svg.Bytes()
	}
	return files, nil
}

// panel returns a row's bars for the libraries that it was measured of. The shorter bar is the better one.
func (r *Results) panel(line, libs []string) panel {
	p, most := panel{Title: line[0]}, 0.0
	for _, lib := range libs {
		v, class := r.value(line[1], stand(line, lib)), "theirs"
		if math.IsNaN(v) {
			continue
		}
		if strings.HasPrefix(lib, "resty") {
			class = "ours"
		}
		p.Bars = append(p.Bars, bar{Lib: lib, Class: class, Y: 30 + 20*len(p.Bars), Value: v})
		most = max(most, v)
	}
	for i := range p.Bars {
		p.Bars[i].Length = 270 * p.Bars[i].Value / most
	}
	return p
}
