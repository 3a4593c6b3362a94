package soak

import (
	"bufio"
	"flag"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"testing"

	"resty.websocket/handshake"
	"resty.websocket/server"
)

// part says, in the environment of a process, which part it has to play.
const part = "SOAK_PART"

// TestMain plays the part that the environment names.
func TestMain(m *testing.M) {
	flag.Parse()
	switch os.Getenv(part) {
	case "server":
		serve(&server.Options{MaxPayloadLen: maxPayload, Timeout: patience})
	case "compressing":
		debug.SetMemoryLimit(memoryLimit)
		serve(&server.Options{MaxPayloadLen: maxPayload, Timeout: bearable, Deflate: new(handshake.Deflate)})
	case "hostile":
		harass()
	default:
		os.Exit(m.Run())
	}
}

// A process is the test binary in another part. It ends when its standard
// input does.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines *bufio.Scanner // of what it prints
}

// start starts a process, with the flags of this one and args behind them.
func start(t *testing.T, name string, args ...string) *process {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, append(os.Args[1:len(os.Args):len(os.Args)], args...)...)
	cmd.Env = append(os.Environ(), part+"="+name, "GORACE=atexit_sleep_ms=0")
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &process{cmd, stdin, bufio.NewScanner(stdout)}
}

// line returns the next line that the process prints.
func (p *process) line(t *testing.T) string {
	t.Helper()
	if !p.lines.Scan() {
		t.Fatalf("the process has ended: %v", p.lines.Err())
	}
	return p.lines.Text()
}

// end ends the process and returns what else it printed.
func (p *process) end(t *testing.T) string {
	t.Helper()
	p.stdin.Close()
	var rest strings.Builder
	for p.lines.Scan() {
		rest.WriteString(p.lines.Text() + "\n")
	}
	if err := p.cmd.Wait(); err != nil {
		t.Error(err)
	}
	return rest.String()
}
