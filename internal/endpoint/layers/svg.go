package main

import (
	"bytes"
	"fmt"
)

// A palette is the colours of a drawing. Its background is that of the page.
type palette struct {
	text, faint string
	packages    map[string]string
}

var (
	light = palette{"#1f2328", "#59636e", map[string]string{
		outside: "#818b98", api: "#bc4c00", endpoint: "#59636e", codec: "#0969da", deflate: "#8250df", socket: "#1a7f37",
	}}
	dark = palette{"#f0f6fc", "#9198a1", map[string]string{
		outside: "#6e7681", api: "#f0883e", endpoint: "#9198a1", codec: "#4493f8", deflate: "#ab7df8", socket: "#3fb950",
	}}
)

// These are the styles of text, and its places in a box, in pixels.
const (
	plain    = ""
	bold     = ` font-size="13" font-weight="bold"`
	centred  = ` text-anchor="middle"`
	flushed  = ` text-anchor="end"`
	inset    = 12 // from the sides
	baseline = 23 // of the title, from the top
	lead     = 18 // from the title to the first line
	leading  = 16 // from one line to the next
)

const head = `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%[2]d" viewBox="0 0 %[1]d %[2]d" role="img" font-family="sans-serif" font-size="12">
<title>The way of a frame through the layers: up on the left when it is received, down on the right when it is sent</title>
`

// draw returns the drawing as an SVG image.
func draw(p palette) []byte {
	b := new(bytes.Buffer)
	fmt.Fprintf(b, head, width, height)
	for _, x := range boxes() {
		p.outline(b, &x)
		p.label(b, &x)
	}
	for _, a := range arrows() {
		const path = `<path d="M3 0h%d m-6 -4.5 l7 4.5 l-7 4.5" transform="translate(%d %d) rotate(%d)" fill="none" stroke="%s" stroke-width="1.5"/>` + "\n"
		fmt.Fprintf(b, path, gap-7, a.x, a.y, a.angle, p.packages[outside])
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// outline draws the border of a box, and fills the box faintly if it is the library's.
func (p *palette) outline(b *bytes.Buffer, x *box) {
	const rect = `<rect x="%d.5" y="%d.5" width="%d" height="%d" rx="6" fill="%s" fill-opacity="%s" stroke="%[5]s"/>` + "\n"
	switch colour := p.packages[x.pkg]; x.pkg {
	case "":
	case outside:
		fmt.Fprintf(b, rect, x.x, x.y, x.w-1, x.h-1, colour, "0")
	default:
		fmt.Fprintf(b, rect, x.x, x.y, x.w-1, x.h-1, colour, "0.08")
	}
}

// label writes the text of a box. The box of the answers is too narrow for the name of its package.
func (p *palette) label(b *bytes.Buffer, x *box) {
	left, middle, right := x.x+inset, x.x+x.w/2, x.x+x.w-inset
	base := x.y + baseline
	switch {
	case x.pkg == outside:
		write(b, middle, base, p.text, centred, x.title)
	case x.pkg == api:
		write(b, answering+answerWidth/2, x.y+x.h/2+4, p.packages[api], centred, x.pkg)
	case x.w == answerWidth:
		write(b, middle, base, p.text, centred+bold, x.title)
		p.paragraph(b, middle, base, centred, x.lines)
	default:
		write(b, left, base, p.text, bold, x.title)
		write(b, right, base, p.packages[x.pkg], flushed, x.pkg)
		p.paragraph(b, left, base, plain, x.lines)
	}
}

// paragraph writes lines below a title.
func (p *palette) paragraph(b *bytes.Buffer, x, y int, style string, lines []string) {
	for i, line := range lines {
		write(b, x, y+lead+i*leading, p.faint, style, line)
	}
}

// write writes a line of text, unless it is empty.
func write(b *bytes.Buffer, x, y int, colour, style, text string) {
	if text != "" {
		fmt.Fprintf(b, `<text x="%d" y="%d" fill="%s"%s>%s</text>`+"\n", x, y, colour, style, text)
	}
}
