package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// The connection stays open for as long as answers come within -wait of the end of the input, or of one another.
func TestWait(t *testing.T) {
	for _, tt := range []struct {
		args   string
		pauses []time.Duration // before each answer of the server's
		output string
		open   time.Duration // after the end of the input; the server closes after an hour
	}{
		{"", nil, "", time.Second},
		{"", []time.Duration{900 * time.Millisecond}, "answer\n", 1900 * time.Millisecond},
		{"", []time.Duration{1100 * time.Millisecond}, "", time.Second},
		{"-wait 0", []time.Duration{time.Second}, "", 0},
		{"-wait 30", []time.Duration{29 * time.Second, 29 * time.Second}, "answer\nanswer\n", 88 * time.Second},
		{"-wait 2m", nil, "", 2 * time.Minute},
		{"-wait -1", []time.Duration{time.Minute}, "answer\n", time.Hour},
		{"-once", []time.Duration{time.Minute, time.Minute}, "answer\n", time.Minute},
		{"-once -wait 5", []time.Duration{time.Minute}, "", 5 * time.Second},
		{"-binary", []time.Duration{0, 900 * time.Millisecond}, "answeranswer", 1900 * time.Millisecond},
	} {
		t.Run(tt.args, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var output strings.Builder
				if open := converse(t, tt.args, answers(tt.pauses), &output); open != tt.open {
					t.Errorf("open for %v, want %v", open, tt.open)
				}
				if output.String() != tt.output {
					t.Errorf("printed %q, want %q", output.String(), tt.output)
				}
			})
		})
	}
}

// converse sends a line to h, and returns how long the connection was open.
func converse(t *testing.T, args string, h http.Handler, output io.Writer) time.Duration {
	t.Helper()
	f, err := parseFlags(append(strings.Fields(args), "ws://test/"))
	if err != nil {
		t.Fatal(err)
	}
	f.options.Dial = client.DialHandler(h)
	wb, _, err := client.Connect(t.Context(), f.url, &f.options)
	if err != nil {
		t.Fatal(err)
	}
	defer wb.Close()
	c := &conversation{Conn: wb, flags: f, out: output}
	began := time.Now()
	go c.send(strings.NewReader("question\n"))
	if err := c.receive(); err != nil && frame.CloseCode(err) != frame.StatusNormalClosure {
		t.Error(err)
	}
	return time.Since(began)
}

// answers sends an answer after each of the pauses, and closes an hour after the question.
func answers(pauses []time.Duration) http.Handler {
	return server.Handler(nil, func(wb *server.Conn) {
		if _, _, err := wb.RecvMessage(); err != nil {
			return
		}
		defer time.AfterFunc(time.Hour, func() { wb.Close() }).Stop()
		go func() {
			for _, pause := range pauses {
				select {
				case <-time.After(pause):
					wb.SendString("answer")
				case <-wb.Context().Done():
				}
			}
		}()
		wb.RecvMessage() // until a Close frame comes
	})
}

// A server may take longer than the input lasts. With -wait -1 it also closes the connection.
func TestOneShot(t *testing.T) {
	url := serve(t, nil, func(wb *server.Conn) {
		data, _, err := wb.AppendMessage(nil)
		if err != nil {
			t.Error(err)
		}
		wb.SetTimeout(200 * time.Millisecond)
		if data, _, err := wb.RecvFrame(); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("received %q, %v, want nothing yet", data, err)
		}
		wb.SendText(data)
	})
	cmd := command(t, "-wait", "-1", url)
	cmd.Stdin = strings.NewReader("hello\n")
	if output, err := cmd.Output(); err != nil || string(output) != "hello\n" {
		t.Errorf("printed %q, %v", output, err)
	}
}
