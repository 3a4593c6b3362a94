package interop

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
)

// TestDeployRecipe puts examples/recipes/deploy behind the proxies whose configurations it has.
func TestDeployRecipe(t *testing.T) {
	asked(t)
	program := buildProgram(t, "recipes/deploy")
	for _, tt := range []struct {
		name, config string
		command      []string
	}{
		{"nginx", "nginx.conf", []string{nginx, "-e", "stderr", "-c"}},
		{"haproxy", "haproxy.cfg", []string{"/usr/sbin/haproxy", "-db", "-f"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require(t, tt.command[0])
			behind := func(t *testing.T, args ...string) (deploy *process, addr string) {
				// The proxy is trusted, and no other part of the loopback interface.
				args = append([]string{program, "-addr", "127.0.0.1:0", "-trust", "127.0.0.1/32"}, args...)
				deploy = start(t, "deploy", args...)
				upstream := strings.Fields(deploy.expect("Listening on"))[2]
				addr = freeAddrs(t, 1)[0]
				dir := configure(t, "../../examples/recipes/deploy/"+tt.config, "LISTEN", addr, "UPSTREAM", upstream,
					"75s", "2s", "daemon off;", "daemon off; master_process off;") // so that the process ends when it is killed
				command := append(tt.command[:len(tt.command):len(tt.command)], filepath.Join(dir, tt.config))
				if tt.name == "nginx" {
					command = append(command, "-p", dir)
				}
				start(t, tt.name, command...)
				return deploy, addr
			}
			t.Run("behind", func(t *testing.T) { deployed(t, behind) })
			t.Run("secure", func(t *testing.T) {
				_, addr := behind(t, "-secure")
				_, resp, err := connectFrom(t, "ws://"+addr+"/ws", &client.Options{Header: http.Header{"X-Forwarded-Proto": {"https"}}})
				if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
					t.Errorf("a client without TLS that says otherwise: %v, want 403", err)
				}
			})
		})
	}
}

// deployed tries the example behind a proxy whose timeouts are 2 seconds.
func deployed(t *testing.T, behind func(t *testing.T, args ...string) (*process, string)) {
	deploy, addr := behind(t, "-heartbeat", "500ms")
	url := "ws://" + addr + "/ws"
	wb, _, err := connectFrom(t, url, &client.Options{Origin: "http://" + addr, Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer wb.CloseNow()
	expect(t, wb, frame.Text, []byte("host "+addr+", client "+from.IP.String()))
	long := bytes.Repeat([]byte("0123456789"), 100_000)
	if err := wb.SendMessage(frame.Binary, long); err != nil {
		t.Error(err)
	}
	expect(t, wb, frame.Binary, long)

	// The client is silent for longer than the proxy waits, but for its Pongs.
	wb.SetTimeout(5 * time.Second)
	if _, _, err := wb.RecvMessage(); wb.Fatal() != nil {
		t.Errorf("a silent client: %v", err)
	}
	_, resp, err := connectFrom(t, url, &client.Options{Origin: "http://evil.example"})
	if err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another origin: %v, want 403", err)
	}
	deploy.interrupt()
	wb.SetTimeout(20 * time.Second)
	if _, _, err := wb.RecvMessage(); frame.CloseCode(err) != frame.StatusGoingAway {
		t.Errorf("%v, want 1001", err)
	}
	deploy.succeed()
}

// from is the address of the clients of the recipe, which the proxy passes on.
var from = &net.TCPAddr{IP: net.IPv4(127, 9, 9, 9)}

// connectFrom connects as soon as the proxy listens and has found the server.
func connectFrom(t *testing.T, url string, opts *client.Options) (*client.Conn, *http.Response, error) {
	t.Helper()
	opts.Dial = (&net.Dialer{LocalAddr: from}).DialContext
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		wb, resp, err := client.Connect(ctx, url, opts)
		starting := errors.Is(err, syscall.ECONNREFUSED) || resp != nil && resp.StatusCode/100 == 5
		if !starting || ctx.Err() != nil {
			return wb, resp, err
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
	}
}
