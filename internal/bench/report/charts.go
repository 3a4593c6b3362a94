package report

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The colours of the light charts, and those of the dark ones in their place. The background is the page's own.
var (
	dark, faint, ours, theirs = rgb(0x1f2328), rgb(0xd1d9e0), rgb(0x0969da), rgb(0x8c959f)

	lines = map[string]color.Color{
		"resty": ours, "gorilla": rgb(0xbc4c00), "coder": rgb(0x8250df), "gobwas": rgb(0x1a7f37), "gws": rgb(0xbf3989),
		"nbio": rgb(0x9a6700),
	}
	darken = strings.NewReplacer("#1F2328", "#F0F6FC", "#D1D9E0", "#3D444D", "#0969DA", "#4493F8", "#8C959F", "#6E7681",
		"#BC4C00", "#F0883E", "#8250DF", "#AB7DF8", "#1A7F37", "#3FB950", "#BF3989", "#F778BA", "#9A6700", "#D29922")
)

func rgb(c uint32) color.Color { return color.RGBA{byte(c >> 16), byte(c >> 8), byte(c), 0xff} }

// charts draws every chart that has anything to show, in a light and a dark version, by their files' names.
func (r *Results) charts() map[string][]byte {
	files := map[string][]byte{}
	for name, plots := range map[string][][]*plot.Plot{"cpu": r.bars(), "growth": r.growth()} {
		if len(plots) > 0 {
			svg := image(plots)
			files[name+"-light.svg"], files[name+"-dark.svg"] = []byte(svg), []byte(darken.Replace(svg))
		}
	}
	return files
}

// image places rows of plots on an image.
func image(plots [][]*plot.Plot) string {
	canvas := vgsvg.New(vg.Length(len(plots[0])*440), vg.Length(len(plots)*200))
	tiles := draw.Tiles{Rows: len(plots), Cols: len(plots[0]), PadX: 24, PadY: 16, PadTop: 8, PadBottom: 8, PadLeft: 8, PadRight: 8}
	for i, row := range plot.Align(plots, tiles, draw.New(canvas)) {
		for j, tile := range row {
			if plots[i][j] != nil {
				plots[i][j].Draw(tile)
			}
		}
	}
	var b bytes.Buffer
	canvas.WriteTo(&b)
	return strings.ReplaceAll(b.String(), "font-family:Liberation Sans", "font-family:system-ui,sans-serif")
}

// newPlot returns an empty plot.
func newPlot(title string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor, p.Title.Text, p.Title.Padding = color.Transparent, title, 6
	for _, style := range []*text.Style{&p.Title.TextStyle, &p.Legend.TextStyle, &p.X.Tick.Label, &p.Y.Tick.Label} {
		style.Color, style.Font = dark, font.Font{Typeface: "Liberation", Variant: "Sans", Size: 11}
	}
	p.Title.TextStyle.Font.Weight, p.Title.TextStyle.Font.Size = 2, 12
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Color, axis.Tick.Color, axis.Padding = color.Transparent, color.Transparent, 6
	}
	return p
}

// bars draws the table of performance, two cases to a row, each with a scale of its own. The shorter bar is the better
// one.
func (r *Results) bars() (all [][]*plot.Plot) {
	table, panels := tables()["performance"], []*plot.Plot{}
	for _, line := range table[1:] {
		if p := r.panel(line, table[0][1:]); p != nil {
			panels = append(panels, p)
		}
	}
	for pair := range slices.Chunk(panels, 2) {
		all = append(all, append(pair, nil)[:2])
	}
	return all
}

// panel draws a row for the libraries, or returns nil if it was measured of none.
func (r *Results) panel(line, libs []string) *plot.Plot {
	p, names := newPlot(line[0]), []string{}
	labels := &plotter.Labels{Offset: vg.Point{X: 4}}
	style := p.X.Tick.Label
	style.XAlign, style.YAlign = text.XLeft, text.YCenter
	for _, lib := range slices.Backward(libs) {
		v, at := r.value(line[1], stand(line, lib)), float64(len(names))
		if math.IsNaN(v) {
			continue
		}
		bar := &plotter.BarChart{Values: plotter.Values{v}, XMin: at, Color: theirs, Width: 12, Horizontal: true}
		if strings.HasPrefix(lib, "resty") {
			bar.Color = ours
		}
		p.Add(bar)
		names, labels.XYs = append(names, lib), append(labels.XYs, plotter.XY{X: v, Y: at})
		labels.Labels, labels.TextStyle = append(labels.Labels, number(v)), append(labels.TextStyle, style)
	}
	if len(names) == 0 {
		return nil
	}
	p.Add(labels)
	p.NominalY(names...)
	p.X.Min, p.X.Tick.Marker, p.Y.Tick.Length = 0, plot.ConstantTicks{}, 6
	return p
}

// growth draws how messages a second and bytes a connection change with the number of connections and cores. Plots in a
// row share their scale.
func (r *Results) growth() (all [][]*plot.Plot) {
	for _, of := range [][2]string{{"messages/s", "PerSecond"}, {"bytes per connection", "Resident"}} {
		row, top := []*plot.Plot{}, 0.0
		for _, cores := range []int{1, 2} {
			p := newPlot(fmt.Sprintf("%s, server on %d core%s", of[0], cores, map[int]string{2: "s"}[cores]))
			p.Legend.Top, p.Legend.Padding, p.Legend.ThumbnailWidth = true, 3, 16
			for _, lib := range r.Libraries {
				r.line(p, lib.Name, of[1], cores)
			}
			if math.IsInf(p.X.Max, 0) {
				continue // no case has run on so many cores
			}
			p.Add(&plotter.Grid{Horizontal: draw.LineStyle{Color: faint, Width: 1}})
			p.X.Scale, p.X.Tick.Marker, p.Y.Tick.Marker = plot.LogScale{}, ticks{plot.LogTicks{}}, ticks{plot.DefaultTicks{}}
			row, top = append(row, p), max(top, p.Y.Max)
		}
		for _, p := range row {
			p.Y.Min, p.Y.Max = 0, top
		}
		if len(row) > 0 {
			all = append(all, row)
		}
	}
	return all
}

// line adds what a library's field was in the cases of growth on some cores.
func (r *Results) line(p *plot.Plot, lib, field string, cores int) {
	var at plotter.XYs
	for _, c := range r.Cases {
		if v := c.Spread(lib, field).Median; c.Kind == "growth" && c.Cores == cores && !math.IsNaN(v) {
			at = append(at, plotter.XY{X: float64(c.Conns), Y: v})
		}
	}
	line, points, err := plotter.NewLinePoints(at)
	if lines[lib] == nil || err != nil { // there are no points
		return
	}
	line.Color, line.Width, points.Color, points.Shape = lines[lib], 2, lines[lib], draw.CircleGlyph{}
	p.Add(line, points)
	if field == "Resident" {
		p.Legend.Add(lib+" ", line)
	}
}

// ticks are others with commas in their numbers.
type ticks struct{ plot.Ticker }

func (t ticks) Ticks(low, high float64) []plot.Tick {
	all := t.Ticker.Ticks(low, high)
	for i := range all {
		if all[i].Label != "" {
			all[i].Label = whole(all[i].Value)
		}
	}
	return all
}
