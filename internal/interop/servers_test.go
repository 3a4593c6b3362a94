package interop

import (
	"testing"

	"resty.websocket/frame"
)

func TestForeignServers(t *testing.T) {
	for _, s := range []struct {
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
	} {
		t.Run(s.name, func(t *testing.T) {
			for _, name := range s.needs {
				require(t, name)
			}
			server := start(t, "server", s.command...)
			url := server.expect("ws://")
			opts := options(nil, nil)
			opts.Origin = "http://example.com"

			wb := connect(t, url, opts)
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

			wb = connect(t, url, opts)
			wb.SendString("close 4002 tschüß")
			closed(t, wb, 4002, "tschüß")
			server.expect("closed 4002") // a code is answered without a reason

			wb = connect(t, url, opts)
			if err := wb.Close(); err != nil {
				t.Error(err)
			}
			server.expect("closed 1000")

			// What the client may not do is refused.
			opts.SendUnmasked = true
			wb = connect(t, url, opts)
			wb.SendString("unmasked")
			if _, _, err := wb.RecvMessage(); wb.Fatal() == nil {
				t.Errorf("a server took an unmasked frame: %v", err)
			}
		})
	}
}
