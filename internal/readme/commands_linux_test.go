package readme

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"resty.websocket/server"
)

// The two ends of a tunnel are tried together.
const (
	farEnd  = "go run ./examples/recipes/tunnel -serve 127.0.0.1:8080 -to 127.0.0.1:22"
	nearEnd = "go run ./examples/recipes/tunnel -listen 127.0.0.1:2222 ws://127.0.0.1:8080/"
)

// commands are those in the blocks of sh of all Markdown, and how each is tried. Addresses are replaced by free ones.
var commands = map[string]func(t *testing.T, command string){
	"go run ./examples/echo":                          serves("/s"),
	"go run ./examples/echo -sessions":                serves("/s"),
	"go run ./examples/recipes/deploy":                serves("/ws"),
	"go run ./examples/client ws://127.0.0.1:8080/s":  asks,
	"go run ./examples/client ws://127.0.0.1:8080/ws": asks,
	farEnd:                         tunnels,
	nearEnd:                        tunnels,
	"cd examples/chat && go run .": chats,
	"go test ./...":                inCI,
	"go mod edit -require=resty.websocket@v0.0.0 -replace=resty.websocket=../resty.websocket": requires,
	"go test ./internal/soak -run Compressing -v -timeout 10m -args -compressing 500 -for 2m": soaks,
}

// TestCommands tries each command that a file of Markdown shows in a block of sh.
func TestCommands(t *testing.T) {
	block := regexp.MustCompile("(?sm)^```sh\n(.*?)^```$")
	comment := regexp.MustCompile(`\s+#.*`)
	seen := make(map[string]bool)
	for _, file := range markdown(t) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range block.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(b[1]) {
				command := strings.TrimSpace(comment.ReplaceAllString(line, ""))
				if seen[command] {
					continue
				}
				seen[command] = true
				if commands[command] == nil {
					t.Errorf("%s: this test does not know %q", file, command)
				}
			}
		}
	}
	for command, try := range commands {
		t.Run(command, func(t *testing.T) {
			if !seen[command] {
				t.Fatal("no file has it")
			}
			try(t, command)
		})
	}
}

// inCI is for commands that .ci/run has, and that cannot run inside themselves.
func inCI(t *testing.T, command string) {
	script, err := os.ReadFile(filepath.Join(root, ".ci/run"))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(strings.Split(string(script), "\n"), "step "+command) {
		t.Error(".ci/run has no such step")
	}
}

// A session is a command with its processes.
type session struct {
	t       *testing.T
	cmd     *exec.Cmd
	output  bytes.Buffer    // is complete when running is done
	running context.Context // done when the command has ended
}

// begin starts a command in the repository. A terminal sends Ctrl-C to the go command and to the program that it runs: they
// are a group of processes.
func begin(t *testing.T, command string) *session {
	t.Helper()
	s := &session{t: t, cmd: exec.Command("sh", "-c", strings.Replace(command, "go run", "exec go run", 1))}
	s.cmd.Dir = root
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.cmd.Stdout, s.cmd.Stderr = &s.output, &s.output
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ended context.CancelFunc
	s.running, ended = context.WithCancel(context.Background())
	go func() {
		s.cmd.Wait()
		ended()
	}()
	t.Cleanup(func() {
		syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		<-s.running.Done()
		if t.Failed() {
			t.Log(s.output.String())
		}
	})
	return s
}

// interrupt presses Ctrl-C, and expects that the program ends with status 0. The status of go run is another after Ctrl-C,
// but it prints that of a program that fails.
func (s *session) interrupt() {
	s.t.Helper()
	if err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGINT); err != nil {
		s.t.Error(err)
	}
	<-s.running.Done()
	if output := s.output.String(); strings.Contains(output, "exit status") || strings.Contains(output, "signal:") {
		s.t.Errorf("%s has failed", s.cmd)
	}
}

// serves returns a test of a command that runs a server until Ctrl-C, at an address that the test adds.
func serves(path string) func(t *testing.T, command string) {
	return func(t *testing.T, command string) {
		addr := freeAddr(t)
		s := begin(t, command+" -addr "+addr)
		wb := dial(t, s.running, "ws://"+addr+path)
		if err := wb.SendString("hello"); err != nil {
			t.Error(err)
		}
		for { // recipes/deploy says something before
			data, _, err := wb.RecvMessage()
			if err != nil {
				t.Fatal(err)
			}
			if string(data) == "hello" {
				break
			}
		}
		wb.Close()
		s.interrupt()
	}
}

// chats tries the example that is a module of its own, if what it requires has been downloaded. That may include a later
// Go than that of these tests.
func chats(t *testing.T, command string) {
	t.Setenv("GOTOOLCHAIN", "auto")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", os.DevNull, ".")
	build.Dir, build.Env = filepath.Join(root, "examples/chat"), append(os.Environ(), "GOPROXY=off")
	if output, err := build.CombinedOutput(); err != nil {
		if s := string(output); strings.Contains(s, "GOPROXY=off") || strings.Contains(s, "toolchain not available") {
			t.Skip("its modules are not here, or the Go that it needs")
		}
		t.Fatalf("%v\n%s", err, output)
	}
	addr := freeAddr(t)
	s := begin(t, command+" -addr "+addr)
	dial(t, s.running, "ws://"+addr+"/ws?room=1&name=Ann").CloseNow()
	s.interrupt()
}

// asks tries a client of an echo server.
func asks(t *testing.T, command string) {
	url := serveTCP(t, server.Handler(nil, func(wb *server.Conn) {
		data, typ, err := wb.RecvMessage()
		if err == nil {
			wb.SendMessage(typ, data)
			wb.RecvMessage()
		}
	}))
	command = strings.Replace(command, "ws://127.0.0.1:8080", url, 1)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Stdin = root, strings.NewReader("hello\n")
	output, err := cmd.Output()
	if err != nil || string(output) != "hello\n" {
		t.Errorf("%q, %v", output, err)
	}
}

// tunnels runs both ends, and a service that echoes.
func tunnels(t *testing.T, _ string) {
	service, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	go func() {
		for nc, err := service.Accept(); err == nil; nc, err = service.Accept() {
			go func() { io.Copy(nc, nc); nc.Close() }()
		}
	}()
	outside, between := freeAddr(t), freeAddr(t)
	far := begin(t, strings.NewReplacer("127.0.0.1:8080", between, "127.0.0.1:22", service.Addr().String()).Replace(farEnd))
	near := begin(t, strings.NewReplacer("127.0.0.1:8080", between, "127.0.0.1:2222", outside).Replace(nearEnd))
	for !echoes(outside) {
		select {
		case <-far.running.Done():
			t.Fatal("the far end has ended")
		case <-near.running.Done():
			t.Fatal("the near end has ended")
		case <-time.After(20 * time.Millisecond):
		}
	}
	far.interrupt()
	near.interrupt()
}

// echoes reports whether a text comes back over TCP.
func echoes(addr string) bool {
	nc, err := net.Dial("tcp", addr)
	if err != nil {
		return false
	}
	defer nc.Close()
	nc.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(nc, "hello")
	got := make([]byte, 5)
	_, err = io.ReadFull(nc, got)
	return err == nil && string(got) == "hello"
}

// requires runs the command in a new module beside the repository, and builds the README's server there.
func requires(t *testing.T, command string) {
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(here, filepath.Join(dir, "resty.websocket")); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "mine")
	write(t, filepath.Join(mine, "main.go"), program(t, "README.md"))
	for _, line := range []string{"go mod init mine", command, "go build", "go doc resty.websocket/server"} {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
		cmd.Dir = mine
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, output)
		}
	}
}

// soaks runs the soak with fewer clients and for a second.
func soaks(t *testing.T, command string) {
	command = strings.NewReplacer("-compressing 500", "-compressing 10", "-for 2m", "-for 1s").Replace(command)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "10 clients") {
		t.Errorf("%v\n%s", err, output)
	}
}
