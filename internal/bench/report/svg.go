package report

import (
	"bytes"
	"fmt"
	"html"
)

// A theme is the colours of a chart. The background is the page's own.
type theme struct {
	name, text, faint string
	ours, theirs      string            // bars
	lines             map[string]string // by library
}

var themes = []theme{
	{
		name: "light", text: "#1f2328", faint: "#d1d9e0", ours: "#0969da", theirs: "#8c959f",
		lines: map[string]string{
			"resty": "#0969da", "gorilla": "#bc4c00", "coder": "#8250df", "gobwas": "#1a7f37", "gws": "#bf3989",
		},
	}, {
		name: "dark", text: "#f0f6fc", faint: "#3d444d", ours: "#4493f8", theirs: "#6e7681",
		lines: map[string]string{
			"resty": "#4493f8", "gorilla": "#f0883e", "coder": "#ab7df8", "gobwas": "#3fb950", "gws": "#f778ba",
		},
	},
}

// A canvas collects the elements of an SVG image.
type canvas struct {
	theme
	bytes.Buffer
}

func newCanvas(t theme) *canvas { return &canvas{theme: t} }

// image returns the whole file.
func (c *canvas) image(width, height float64, title string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%[1]g" height="%[2]g" `+
		`font-family="system-ui, sans-serif" font-size="12" role="img"><title>%s</title>`+"\n", width, height, title)
	b.Write(c.Bytes())
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// write places text; anchor is start, middle or end, weight normal or bold.
func (c *canvas) write(x, y float64, anchor, weight, text string) {
	fmt.Fprintf(c, `<text x="%.1f" y="%.1f" text-anchor="%s" font-weight="%s" fill="%s">%s</text>`+"\n",
		x, y, anchor, weight, c.text, html.EscapeString(text))
}

func (c *canvas) bar(x, y, width, height float64, colour string) {
	fmt.Fprintf(c, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" fill="%s"/>`+"\n",
		x, y, width, height, colour)
}

func (c *canvas) rule(x1, y1, x2, y2 float64) {
	fmt.Fprintf(c, `<path d="M%.1f %.1fL%.1f %.1f" stroke="%s"/>`+"\n", x1, y1, x2, y2, c.faint)
}

// A point is a place on the canvas.
type point struct{ x, y float64 }

// line draws through the points and marks each.
func (c *canvas) line(points []point, colour string) {
	if len(points) == 0 {
		return
	}
	fmt.Fprintf(c, `<polyline fill="none" stroke="%s" stroke-width="2" points="`, colour)
	for _, p := range points {
		fmt.Fprintf(c, "%.1f,%.1f ", p.x, p.y)
	}
	fmt.Fprintln(c, `"/>`)
	for _, p := range points {
		fmt.Fprintf(c, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", p.x, p.y, colour)
	}
}
