package readme

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// TestServers runs the server of the README, and that of MOVING.md. The paths of the latter are those that nginx's location
// serves, and the page of OpenResty's tutorial opens "/s/".
func TestServers(t *testing.T) {
	for file, paths := range map[string][]string{
		"README.md":          {"/ws"},
		"examples/MOVING.md": {"/s", "/s/", "/s/below"},
	} {
		t.Run(file, func(t *testing.T) {
			addr := freeAddr(t)
			program := strings.Replace(program(t, file), "127.0.0.1:8080", addr, 1)
			dir := module(t, map[string]string{"tutorial": program})
			binary := filepath.Join(dir, "tutorial.exe")
			if output, err := run(dir, "build", "-o", binary, "./tutorial"); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			cmd := exec.Command(binary)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				cmd.Process.Kill()
				cmd.Wait()
			}()
			for _, path := range paths {
				echo(t, "ws://"+addr+path)
			}
		})
	}
}

// program returns the only program that a file shows.
func program(t *testing.T, file string) (source string) {
	t.Helper()
	for _, b := range shown(t, file) {
		if strings.HasPrefix(b, "package main\n") {
			if source != "" {
				t.Fatalf("%s has two programs", file)
			}
			source = b
		}
	}
	if source == "" {
		t.Fatalf("%s has no program", file)
	}
	return source
}

// freeAddr returns an address that is free to listen on.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// dial connects as soon as there is a server, for which it waits while ctx is not done.
func dial(t *testing.T, ctx context.Context, url string) *client.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		wb, _, err := client.Connect(ctx, url, &client.Options{Timeout: time.Minute})
		if err == nil {
			return wb
		}
		select {
		case <-ctx.Done():
			t.Fatal(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// echo has a text echoed at url.
func echo(t *testing.T, url string) {
	t.Helper()
	wb := dial(t, t.Context(), url)
	defer wb.Close()
	if err := wb.SendString("hello"); err != nil {
		t.Fatal(err)
	}
	data, typ, err := wb.RecvMessage()
	if err != nil || typ != frame.Text || string(data) != "hello" {
		t.Errorf("%s: %v %q, %v", url, typ, data, err)
	}
}
