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

// TestTutorial runs the program of the README, and opens the paths that nginx's location
// serves. The page of the tutorial opens "/s/".
func TestTutorial(t *testing.T) {
	addr := freeAddr(t)
	program := strings.Replace(shown(t, "README.md")[0], "127.0.0.1:8080", addr, 1)
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
	for _, path := range []string{"/s", "/s/", "/s/below"} {
		echo(t, "ws://"+addr+path)
	}
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

// echo has a text echoed at url, as soon as there is a server.
func echo(t *testing.T, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	wb, _, err := client.Connect(ctx, url, nil)
	for err != nil && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-time.After(10 * time.Millisecond):
		}
		wb, _, err = client.Connect(ctx, url, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	if err := wb.SendString("hello"); err != nil {
		t.Fatal(err)
	}
	data, typ, err := wb.RecvMessage()
	if err != nil || typ != frame.Text || string(data) != "hello" {
		t.Errorf("%s: %v %q, %v", url, typ, data, err)
	}
}
