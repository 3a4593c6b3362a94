package interop

import (
	"strings"
	"testing"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/handshake"
)

// foreignServers print their URL, and send back what they are told.
var foreignServers = []struct {
	name    string
	needs   []string // programs and files
	command []string
}{
	{
		name:    "ws",
		needs:   []string{"node", "node_modules/ws"},
		command: []string{"node", "server.mjs"},
	},
	{
		name:    "websockets",
		needs:   []string{"/usr/bin/python3", "/usr/lib/python3/dist-packages/websockets"},
		command: []string{"/usr/bin/python3", "server.py"},
	},
}

func TestForeignServers(t *testing.T) {
	asked(t)
	for _, s := range foreignServers {
		t.Run(s.name, func(t *testing.T) {
			for _, name := range s.needs {
				require(t, name)
			}
			server := start(t, "server", s.command...)
			url := server.expect("ws://")
			closes(t, server, url)
			compresses(t, url)
			refusesUnmasked(t, url)
		})
	}
}

// fromPage returns options with the Origin that the servers expect.
func fromPage() *client.Options {
	opts := options(nil, nil)
	opts.Origin = "http://example.com"
	return opts
}

// closes expects that all is echoed, and that either side can close.
func closes(t *testing.T, server *process, url string) {
	t.Helper()
	wb := connect(t, url, fromPage())
	converse(t, wb, 1<<20)
	wb.SendString("ping Grüße") // is answered by RecvMessage
	expect(t, wb, frame.Text, []byte("pong Grüße"))
	if err := wb.SendClose(4001, "auf Wiedersehen, tschüß"); err != nil {
		t.Error(err)
	}
	if err := wb.Close(); err != nil {
		t.Error(err)
	}
	server.expect("closed 4001 auf Wiedersehen, tschüß")

	wb = connect(t, url, fromPage())
	wb.SendString("close 4002 tschüß")
	closed(t, wb, 4002, "tschüß")
	server.expect("closed 4002") // a code is answered without a reason

	wb = connect(t, url, fromPage())
	if err := wb.Close(); err != nil {
		t.Error(err)
	}
	server.expect("closed 1000")
}

// compresses expects that permessage-deflate is agreed on and works.
func compresses(t *testing.T, url string) {
	t.Helper()
	for _, deflate := range []handshake.Deflate{
		{Threshold: -1},
		{ClientNoContextTakeover: true, ServerNoContextTakeover: true},
		{ClientMaxWindowBits: 9, ServerMaxWindowBits: 10},
	} {
		opts := fromPage()
		opts.Deflate = &deflate
		wb := connect(t, url, opts)
		if extensions := wb.Response().Header.Get("Sec-WebSocket-Extensions"); !strings.HasPrefix(extensions, "permessage-deflate") {
			t.Errorf("%+v: agreed on %q", deflate, extensions)
		}
		converse(t, wb, 1<<20)
		if err := wb.Close(); err != nil {
			t.Error(err)
		}
	}
}

// refusesUnmasked expects that the server does not take what a client may not send.
func refusesUnmasked(t *testing.T, url string) {
	t.Helper()
	opts := fromPage()
	opts.SendUnmasked = true
	wb := connect(t, url, opts)
	wb.SendString("unmasked")
	if _, _, err := wb.RecvMessage(); wb.Fatal() == nil {
		t.Errorf("a server took an unmasked frame: %v", err)
	}
}
