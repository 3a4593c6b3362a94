package report

import (
	"fmt"
	"math"
	"slices"
)

// The measures of the chart of growth: two rows of plots, a column for each number of cores.
const (
	plotWidth  = 330
	plotHeight = 200
	plotLeft   = 90
	plotTop    = 56
	plotStepX  = plotLeft + plotWidth + 20
	plotStepY  = plotTop + plotHeight + 30
)

// growth draws how messages a second and bytes a connection change with the number of connections and cores. Plots in a
// row share their scale.
func (r *Results) growth(t theme) []byte {
	c := newCanvas(t)
	cases, cores := r.growthCases()
	for i, row := range []struct {
		title  string
		metric Metric
	}{
		{"messages/s", PerSecond},
		{"bytes per connection", Resident},
	} {
		top := r.highest(cases, row.metric)
		for j, n := range cores {
			p := plot{canvas: c, x: float64(j*plotStepX + plotLeft), y: float64(i*plotStepY + plotTop), top: top}
			p.axes(fmt.Sprintf("%s, server on %d core%s", row.title, n, map[bool]string{true: "s"}[n > 1]))
			r.lines(p, cases, n, row.metric)
		}
	}
	r.legend(c, 2*plotStepY+10)
	return c.image(float64(len(cores)*plotStepX), 2*plotStepY+24, "Growth with connections and cores")
}

// growthCases returns the cases that the chart shows and the numbers of cores among them.
func (r *Results) growthCases() (cases []Case, cores []int) {
	for _, data := range r.Cases {
		if data.Kind != "growth" {
			continue
		}
		cases = append(cases, data)
		if !slices.Contains(cores, data.Cores) {
			cores = append(cores, data.Cores)
		}
	}
	return cases, cores
}

// highest returns where the axis ends: at four round steps that leave no value out.
func (r *Results) highest(cases []Case, metric Metric) float64 {
	top := 1.0
	for _, data := range cases {
		for _, lib := range r.Libraries {
			if v := data.Spread(lib.Name, metric).Median; v > top {
				top = v
			}
		}
	}
	step := math.Pow(10, math.Floor(math.Log10(top/4)))
	for _, round := range []float64{1, 2, 2.5, 5, 10} {
		if round*step*4 >= top {
			return round * step * 4
		}
	}
	return top
}

func (r *Results) lines(p plot, cases []Case, cores int, metric Metric) {
	for _, lib := range r.Libraries {
		var points []point
		for _, data := range cases {
			if v := data.Spread(lib.Name, metric).Median; data.Cores == cores && !math.IsNaN(v) {
				points = append(points, p.at(data.Conns, v))
			}
		}
		p.line(points, p.canvas.lines[lib.Name])
	}
}

func (r *Results) legend(c *canvas, y float64) {
	x := float64(plotLeft)
	for _, lib := range r.Libraries {
		colour, ok := c.lines[lib.Name]
		if !ok {
			continue
		}
		c.bar(x, y-9, 14, 10, colour)
		c.write(x+20, y, "start", "normal", lib.Name)
		x += 110
	}
}

// A plot has connections from 10 to 10,000 on a logarithmic axis, and values from 0 to top on a linear one.
type plot struct {
	*canvas
	x, y float64 // of the upper left corner
	top  float64
}

func (p plot) at(conns int, v float64) point {
	return point{
		x: p.x + plotWidth*(math.Log10(float64(conns))-1)/3,
		y: p.y + plotHeight*(1-v/p.top),
	}
}

func (p plot) axes(title string) {
	p.write(p.x, p.y-16, "start", "bold", title)
	for i := range 5 {
		v := p.top * float64(i) / 4
		y := p.at(10, v).y
		p.rule(p.x, y, p.x+plotWidth, y)
		p.write(p.x-8, y+4, "end", "normal", whole(v))
	}
	for conns := 10; conns <= 10_000; conns *= 10 {
		p.write(p.at(conns, 0).x, p.y+plotHeight+18, "middle", "normal", whole(float64(conns)))
	}
}
