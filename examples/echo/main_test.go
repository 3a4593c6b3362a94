package main

import (
	"bytes"
	"net"
	"strings"
	"testing"
)

func TestRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"port_in_use", []string{"-addr", taken.Addr().String()}, 1, "address already in use"},
		{"no_port", []string{"-addr", "127.0.0.1"}, 1, "missing port"},
		{"unknown_flag", []string{"-nonsense"}, 2, "-nonsense"},
		{"bad_timeout", []string{"-timeout", "5"}, 2, "-timeout"},
		{"negative_timeout", []string{"-timeout", "-5s"}, 2, "-timeout"},
		{"bad_length", []string{"-max-payload-len", "64K"}, 2, "-max-payload-len"},
		{"bad_keepalive", []string{"-keepalive", "2s:2s"}, 2, "idle:interval:count"},
		{"stray_argument", []string{"-quiet", "8080"}, 2, `"8080"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := command(t, c.args...)
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			cmd.Run()
			if status := cmd.ProcessState.ExitCode(); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			line, more, _ := strings.Cut(stderr.String(), "\n")
			if !strings.HasPrefix(line, "echo: ") || !strings.Contains(line, c.says) || more != "" {
				t.Errorf("stderr %q, want one line that says %q", &stderr, c.says)
			}
			if stdout.Len() > 0 {
				t.Errorf("stdout %q, want nothing", &stdout)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	out, err := command(t, "-h").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"-addr", "-timeout", "-max-payload-len", "-keepalive", "-deflate", "-sessions", "-quiet"} {
		if !bytes.Contains(out, []byte(name)) {
			t.Errorf("-h says nothing of %s:\n%s", name, out)
		}
	}
}
