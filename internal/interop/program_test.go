package interop

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClientProgram runs examples/client against foreign servers, with each of its flags that a server notices.
func TestClientProgram(t *testing.T) {
	asked(t)
	program := buildProgram(t, "client")
	for _, s := range foreignServers {
		t.Run(s.name, func(t *testing.T) {
			for _, name := range s.needs {
				require(t, name)
			}
			server := start(t, "server", s.command...)
			url := server.expect("ws://")
			for _, tt := range []struct {
				name, args, input, output, notes string
			}{
				{"one_shot", "", "hello\nGrüße", "hello\nGrüße\n", "closed: 1000"},
				{"once", "-once", "hello\n", "hello\n", ""},
				{"ping", "", "/ping hello\n", "", `pong "hello"`},
				{"wait", "-wait -1", "hello\nclose 1000\n", "hello\n", "closed: 1000"},
				{"protocol", "-protocol chat,echo", "", "", "connected, subprotocol echo"},
				{"deflate", "-deflate", strings.Repeat("hello", 100), strings.Repeat("hello", 100) + "\n", "connected, permessage-deflate"},
				{"binary", "-binary", "\xff\n\x00", "\xff\n\x00", ""},
			} {
				t.Run(tt.name, func(t *testing.T) {
					args := append(strings.Fields(tt.args), "-origin", "http://example.com", url)
					converses(t, exec.CommandContext(t.Context(), program, args...), tt.input, tt.output, tt.notes)
				})
			}
		})
	}
}

// TestClientProgramTLS runs examples/client against nginx.
func TestClientProgramTLS(t *testing.T) {
	asked(t)
	require(t, nginx)
	program := buildProgram(t, "client")
	_, secure := startNginx(t)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, secure.authority, 0o600); err != nil {
		t.Fatal(err)
	}
	url := "wss://" + secure.addr + "/s"
	for _, args := range [][]string{{"-ca", ca}, {"-insecure"}, {"-k"}, {"-ca", ca, "-servername", foreign}} {
		cmd := exec.CommandContext(t.Context(), program, append(args, url)...)
		converses(t, cmd, "hello\n", "hello\n", "closed: 1000")
	}
	for _, args := range [][]string{nil, {"-ca", ca, "-servername", "example.com"}} {
		output, err := exec.CommandContext(t.Context(), program, append(args, url)...).CombinedOutput()
		if err == nil || !strings.Contains(string(output), "ssl handshake failed") {
			t.Errorf("%v: %v: %s", args, err, output)
		}
	}
}

// converses runs a program, and expects that it succeeds.
func converses(t *testing.T, cmd *exec.Cmd, input, wantOutput, wantNotes string) {
	t.Helper()
	var output, notes strings.Builder
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &output, &notes
	if err := cmd.Run(); err != nil {
		t.Errorf("%v: %s", err, notes.String())
	}
	if output.String() != wantOutput || !strings.Contains(notes.String(), wantNotes) {
		t.Errorf("printed %q and said %q, want %q and %q", output.String(), notes.String(), wantOutput, wantNotes)
	}
}
