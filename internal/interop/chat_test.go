package interop

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestChat has Chromium use the page of examples/chat in tabs on two nodes, of which one
// ends and comes again.
func TestChat(t *testing.T) {
	asked(t)
	for _, name := range []string{"node", "node_modules/playwright-core", "/usr/bin/chromium"} {
		require(t, name)
	}
	program := filepath.Join(t.TempDir(), "chat")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = "../../examples/chat" // a module of its own
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	cluster := freeAddr(t)
	node := func(addr string, args ...string) (n *process, url string) {
		n = start(t, "node", append([]string{program, "-quorum", "2", "-addr", addr}, args...)...)
		return n, strings.Fields(n.expect("http://"))[1]
	}
	addr := freeAddr(t)
	a, urlA := node(addr, "-cluster", cluster)
	b, urlB := node("127.0.0.1:0", "-cluster", "127.0.0.1:0", "-routes", "nats://"+cluster)
	client := start(t, "client", "node", "chat.mjs", urlA, urlB)

	client.expect("waiting")
	a.interrupt()
	a.succeed()
	client.expect("alone")
	a, _ = node(addr, "-cluster", cluster)
	client.succeed()
	for _, n := range []*process{a, b} {
		n.interrupt()
		n.succeed()
	}
}

// freeAddr returns an address at which nothing listens.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
