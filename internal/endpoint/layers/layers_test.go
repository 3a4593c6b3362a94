package main

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// TestCommitted checks that the files are what the program draws.
func TestCommitted(t *testing.T) {
	for name, want := range files() {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the program draws: run go generate ./internal/endpoint/layers", name)
		}
	}
}

// TestXML checks that browsers can read the files.
func TestXML(t *testing.T) {
	for name, svg := range files() {
		d, elements := xml.NewDecoder(bytes.NewReader(svg)), 0
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if _, ok := token.(xml.StartElement); ok {
				elements++
			}
		}
		if least := len(boxes()) + len(arrows()); elements < least {
			t.Errorf("%s has %d elements, want %d or more", name, elements, least)
		}
	}
}

// TestFits checks that text stays in its box, also in a wide font.
func TestFits(t *testing.T) {
	const char, boldChar = 6.5, 8 // the mean width of a character, in pixels
	length := func(s string) float64 { return float64(utf8.RuneCountInString(s)) }
	for _, x := range boxes() {
		room := float64(x.w - 2*inset)
		if x.w == answerWidth || x.pkg == api {
			x.pkg = "" // is not written beside the title
		}
		if used := boldChar*length(x.title) + char*length(x.pkg); used > room {
			t.Errorf("the title %q takes some %v pixels, and has %v", x.title, used, room)
		}
		for _, line := range x.lines {
			if used := char * length(line); used > room {
				t.Errorf("%q takes some %v pixels, and has %v", line, used, room)
			}
		}
		if bottom := baseline + lead + (len(x.lines)-1)*leading; bottom > x.h-inset/2 {
			t.Errorf("the lines of %q end at %d of %d", x.title, bottom, x.h)
		}
	}
}

// TestNames checks that the drawing has names of today. A name that is gone does not compile.
func TestNames(t *testing.T) {
	var c *server.Conn
	var g *server.Group
	var s server.Session
	names := map[string]any{
		"RecvMessage": c.RecvMessage, "SendMessage": c.SendMessage, "Offer": c.Offer, "Broadcast": g.Broadcast,
		"Prepared": new(server.Prepared), "MaxBacklog": server.Options{}.MaxBacklog,
		"Decoder": new(frame.Decoder), "Encoder": new(frame.Encoder), "Session.Message": func() { s.Message(nil, 0) },
	}
	var text strings.Builder
	for _, x := range boxes() {
		text.WriteString(x.title + " " + strings.Join(x.lines, " ") + " ")
	}
	for name := range names {
		if !strings.Contains(text.String(), name) {
			t.Errorf("the drawing does not have %s", name)
		}
	}
}
