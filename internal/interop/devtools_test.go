package interop

import (
	"bytes"
	"encoding/json"
	"image/png"
	"strings"
	"testing"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// Chromium's DevTools are a WebSocket server, which this client asks for a picture
// of the echo example's page. It comes in one frame of several 100 KiB.
func TestDevTools(t *testing.T) {
	asked(t)
	const chromium = "/usr/bin/chromium"
	require(t, chromium)
	echo := start(t, "echo", buildEcho(t), "-addr", "127.0.0.1:0")
	page := strings.Fields(echo.expect("http://"))[1]
	browser := start(t, "chromium", chromium, "--headless", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--remote-debugging-port=0", "--remote-allow-origins=*", "--user-data-dir="+t.TempDir(), "about:blank")
	listening := browser.expect("DevTools listening on ws://")
	opts := options(nil, nil)
	opts.Protocols = nil
	d := &devTools{t: t, wb: connect(t, listening[strings.Index(listening, "ws://"):], opts)}

	var version struct{ Product, ProtocolVersion string }
	d.ask(&version, "", "Browser.getVersion", nil)
	if !strings.Contains(version.Product, "Chrom") {
		t.Errorf("%+v", version)
	}
	var target struct{ TargetID string }
	d.ask(&target, "", "Target.createTarget", map[string]any{"url": page})
	var attached struct{ SessionID string }
	d.ask(&attached, "", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	d.ask(nil, attached.SessionID, "Page.enable", nil)
	d.ask(nil, attached.SessionID, "Page.navigate", map[string]any{"url": page})
	d.await("Page.loadEventFired")
	d.ask(nil, attached.SessionID, "Emulation.setDeviceMetricsOverride",
		map[string]any{"width": 1600, "height": 1200, "deviceScaleFactor": 3, "mobile": false})
	var screenshot struct{ Data []byte } // in base64
	d.ask(&screenshot, attached.SessionID, "Page.captureScreenshot", map[string]any{"format": "png"})
	if d.last < 2*65536 {
		t.Errorf("the picture came in a frame of %d bytes; the test wants a large one", d.last)
	}
	picture, err := png.Decode(bytes.NewReader(screenshot.Data))
	if err != nil || picture.Bounds().Dx() != 4800 || picture.Bounds().Dy() != 3600 {
		t.Errorf("%v, %v", picture.Bounds(), err)
	}
	d.ask(nil, "", "Browser.close", nil)
	browser.succeed()
}

// devTools is a conversation with a browser.
type devTools struct {
	t    *testing.T
	wb   *client.Conn
	id   int // of the last request
	last int // bytes of the last message
}

// A message is one from the browser: an answer, or news of an event.
type message struct {
	ID     int
	Method string
	Result json.RawMessage
	Error  any
}

// ask sends a request and waits for its answer, which it stores in result.
func (d *devTools) ask(result any, session, method string, params map[string]any) {
	d.t.Helper()
	d.id++
	request := map[string]any{"id": d.id, "method": method, "params": params}
	if params == nil {
		request["params"] = map[string]any{}
	}
	if session != "" {
		request["sessionId"] = session
	}
	text, err := json.Marshal(request)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.wb.SendText(text); err != nil {
		d.t.Fatal(err)
	}
	m := d.receive(func(m message) bool { return m.ID == d.id })
	if m.Error != nil {
		d.t.Fatalf("%s: %v", method, m.Error)
	}
	if result != nil {
		if err := json.Unmarshal(m.Result, result); err != nil {
			d.t.Fatalf("%s: %v", method, err)
		}
	}
}

// await waits for an event.
func (d *devTools) await(event string) {
	d.t.Helper()
	d.receive(func(m message) bool { return m.Method == event })
}

func (d *devTools) receive(wanted func(message) bool) message {
	d.t.Helper()
	for {
		data, typ, err := d.wb.RecvMessage()
		if err != nil || typ != frame.Text {
			d.t.Fatalf("%v, %v", typ, err)
		}
		d.last = len(data)
		var m message
		if err := json.Unmarshal(data, &m); err != nil {
			d.t.Fatal(err)
		}
		if wanted(m) {
			return m
		}
	}
}
