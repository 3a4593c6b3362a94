package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "resty.websocket/server"
)

func TestForeignClients(t *testing.T) {
	asked(t)
	clients := []struct {
		name    string
		needs   []string // programs and files
		command []string
	}{
		{
			name:    "Chromium",
			needs:   []string{"node", "node_modules/playwright-core", "/usr/bin/chromium"},
			command: []string{"node", "chromium.mjs"},
		},
		{
			name:    "ws",
			needs:   []string{"node", "node_modules/ws"},
			command: []string{"node", "ws.mjs"},
		},
		{
			name:    "websockets",
			needs:   []string{"/usr/bin/python3", "/usr/lib/python3/dist-packages/websockets"},
			command: []string{"/usr/bin/python3", "client.py"},
		},
	}
	echo := buildEcho(t)
	for _, c := range clients {
		for _, way := range waysToEcho {
			t.Run(c.name+"/"+way, func(t *testing.T) {
				for _, name := range c.needs {
					require(t, name)
				}
				server := start(t, "server", echo, "-addr", "127.0.0.1:0", "-timeout", "500ms", way)
				url := strings.Fields(server.expect("http://"))[1]
				client := start(t, "client", append(c.command, url, way)...)

				client.expect("waiting")
				if way == byHandler {
					server.expect("msg=pong") // the client answers pings
				}
				server.interrupt()
				client.succeed()
				server.succeed()
			})
		}
	}
}

// waysToEcho are flags of examples/echo.
var waysToEcho = []string{byHandler, "-sessions"}

const byHandler = "-sessions=false"

func buildEcho(t *testing.T) string { return buildProgram(t, "echo") }

// buildProgram builds one of the examples and returns the program's path.
//
// It also looks at all files that the test runs, and this package imports the library.
// go test therefore knows them as inputs of the test, and does not take a result from
// its cache when they have changed.
func buildProgram(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range []string{".", filepath.Join("../../examples", name)} {
		if _, err := os.ReadDir(dir); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(t.TempDir(), filepath.Base(name))
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "resty.websocket/examples/"+name)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// asked skips the test unless the environment has INTEROP=1. The tests start a browser
// and servers, which a plain go test ./... must not wait for.
func asked(t *testing.T) {
	t.Helper()
	if os.Getenv("INTEROP") != "1" {
		t.Skip("it runs if the environment has INTEROP=1")
	}
}

// require fails the test if a program or file is absent.
func require(t *testing.T, name string) {
	t.Helper()
	_, err := os.Stat(name)
	if filepath.Base(name) == name {
		_, err = exec.LookPath(name)
	}
	if err != nil {
		t.Fatalf("a foreign implementation is absent: %v", err)
	}
}
