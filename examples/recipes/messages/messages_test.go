package messages

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// connect connects to a function that serves one connection.
func connect(t *testing.T, serve func(*server.Conn)) *client.Conn {
	t.Helper()
	wb, _, err := inmemory.Connect(server.Handler(nil, serve), "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	return wb
}

// closedWith expects a Close frame.
func closedWith(t *testing.T, wb *client.Conn, code frame.StatusCode) {
	t.Helper()
	for wb.Fatal() == nil {
		wb.RecvMessage()
	}
	if got := frame.CloseCode(wb.Fatal()); got != code {
		t.Errorf("%v, want %v", wb.Fatal(), code)
	}
}

func TestReceiveBinary(t *testing.T) {
	wb := connect(t, func(wb *server.Conn) {
		if v, err := Receive[any](wb); err == nil {
			t.Errorf("received %v", v)
		}
	})
	wb.SendBinary([]byte("{}"))
	closedWith(t, wb, frame.StatusUnsupportedData)
}

func TestSendNoJSON(t *testing.T) {
	wb := connect(t, func(wb *server.Conn) {
		if err := Send(wb, make(chan int)); err == nil || wb.Fatal() != nil {
			t.Errorf("%v, and the connection %v", err, wb.Fatal())
		}
	})
	closedWith(t, wb, frame.StatusNormalClosure)
}

// TestPumpEnds ends a connection in each way. The bubble fails the test if a goroutine is left.
func TestPumpEnds(t *testing.T) {
	errHandle := errors.New("no")
	for name, tt := range map[string]struct {
		end  func(wb *client.Conn, events chan []byte)
		want func(error) bool
	}{
		"client_closes": {
			func(wb *client.Conn, _ chan []byte) { wb.Close() },
			func(err error) bool { return frame.CloseCode(err) == frame.StatusNormalClosure }},
		"client_is_gone": {
			func(wb *client.Conn, _ chan []byte) { wb.CloseNow() },
			func(err error) bool { return errors.Is(err, io.EOF) }},
		"events_end": {
			func(wb *client.Conn, events chan []byte) { close(events); wb.RecvMessage() },
			func(err error) bool { return err != nil }},
		"handle_fails": {
			func(wb *client.Conn, _ chan []byte) { wb.SendString("fail"); wb.RecvMessage() },
			func(err error) bool { return err == errHandle }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				events, ended := make(chan []byte), make(chan error, 1)
				wb := connect(t, func(wb *server.Conn) {
					ended <- Pump(wb, events, func([]byte, frame.Opcode) error { return errHandle })
				})
				events <- []byte("event")
				if data, _, err := wb.RecvMessage(); err != nil || string(data) != "event" {
					t.Errorf("%q, %v", data, err)
				}
				tt.end(wb, events)
				if err := <-ended; !tt.want(err) {
					t.Errorf("Pump returned %v", err)
				}
			})
		})
	}
}

func TestSaveRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		send func(wb *client.Conn)
		code frame.StatusCode
	}{
		"text":     {func(wb *client.Conn) { wb.SendString("text") }, frame.StatusUnsupportedData},
		"too_long": {func(wb *client.Conn) { wb.SendBinary(make([]byte, 1001)) }, frame.StatusMessageTooBig},
		"half": {func(wb *client.Conn) {
			wb.SendFrame(false, frame.Binary, make([]byte, 500))
			wb.SendClose(frame.StatusGoingAway, "")
		}, frame.StatusGoingAway},
	} {
		t.Run(name, func(t *testing.T) {
			dir, done := t.TempDir(), make(chan bool)
			wb := connect(t, func(wb *server.Conn) {
				defer close(done)
				if r, err := Save(wb, filepath.Join(dir, "saved"), 1000); err == nil {
					t.Errorf("saved %+v", r)
				}
			})
			tt.send(wb)
			closedWith(t, wb, tt.code)
			<-done
			if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
				t.Errorf("left behind: %v, %v", files, err)
			}
		})
	}
}

func TestSaveExactly(t *testing.T) {
	path, done := filepath.Join(t.TempDir(), "saved"), make(chan bool)
	wb := connect(t, func(wb *server.Conn) {
		defer close(done)
		if r, err := Save(wb, path, 1000); err != nil || r.Bytes != 1000 {
			t.Errorf("%+v, %v", r, err)
		}
	})
	wb.SendBinary(make([]byte, 1000))
	<-done
	if data, err := os.ReadFile(path); err != nil || len(data) != 1000 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}
