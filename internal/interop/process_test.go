package interop

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A process is one end of a conversation: a program that is running, and what
// it prints.
type process struct {
	t     *testing.T
	name  string
	cmd   *exec.Cmd
	lines *bufio.Scanner // of stdout and stderr
}

// start starts a program, which is killed after some minutes, and when the test
// ends.
func start(t *testing.T, name string, command ...string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{t, name, cmd, bufio.NewScanner(output)}
	t.Cleanup(func() { cancel(); p.end() })
	return p
}

// expect reads up to the line that has text in it, and returns that line.
func (p *process) expect(text string) string {
	p.t.Helper()
	for p.next() {
		if line := p.lines.Text(); strings.Contains(line, text) {
			return line
		}
	}
	p.t.Fatalf("%s ended before it printed %q: %v", p.name, text, p.cmd.Wait())
	return ""
}

// succeed reads to the end, which has to be an exit with status 0.
func (p *process) succeed() {
	p.t.Helper()
	if err := p.end(); err != nil {
		p.t.Errorf("%s: %v", p.name, err)
	}
}

func (p *process) end() error {
	p.t.Helper()
	for p.next() {
	}
	return p.cmd.Wait()
}

// next reads a line, and logs it.
func (p *process) next() bool {
	p.t.Helper()
	more := p.lines.Scan()
	if more {
		p.t.Logf("%s: %s", p.name, p.lines.Text())
	}
	return more
}

func (p *process) interrupt() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
}
