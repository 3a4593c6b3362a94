package main

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestMain is the program itself if the environment says so: TestInterrupt runs it as a
// process of its own.
func TestMain(m *testing.M) {
	if os.Getenv("CHAT_MAIN") == "1" {
		main()
		os.Exit(0)
	}
	slog.SetDefault(slog.New(slog.DiscardHandler)) // there are links that are cut on purpose
	os.Exit(m.Run())
}

// TestInterrupt presses Ctrl-C.
func TestInterrupt(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-addr", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "CHAT_MAIN=1")
	cmd.Stderr = t.Output()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	if line, err := lines.ReadString('\n'); err != nil || !strings.HasPrefix(line, "Open http://127.0.0.1:") {
		t.Errorf("%q, %v", line, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
		t.Errorf("%q, %v", rest, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestFlags(t *testing.T) {
	for _, args := range []string{
		"stray",
		"-nonsense",
		"-nats nats://a -cluster 127.0.0.1:0",
		"-routes nats://a:6222",
		"-advertise a:6222",
	} {
		if c, err := parseFlags(strings.Fields(args)); err == nil {
			t.Errorf("%s: %+v, want an error", args, c)
		}
	}
}

// TestTaken starts nodes at ports that are taken.
func TestTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	taken := listener.Addr().String()
	for _, c := range []config{
		{addr: taken},
		{addr: "127.0.0.1:0", cluster: taken},
		{addr: "127.0.0.1:0", cluster: "127.0.0.1"},
		{addr: "127.0.0.1:0", cluster: "127.0.0.1:http"},
	} {
		if n, err := start(c); err == nil {
			n.kill()
			t.Errorf("%+v: no error", c)
		}
	}
}
