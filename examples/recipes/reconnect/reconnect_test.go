package reconnect

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// receive serves a connection by receiving.
func receive(wb *client.Conn) error {
	for {
		if _, _, err := wb.RecvMessage(); err != nil {
			return err
		}
	}
}

// refuse is a server that answers with a status.
func refuse(status int, retryAfter string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(status)
	})
}

// lasting is a server that closes each connection after a time.
func lasting(d time.Duration, code frame.StatusCode) http.Handler {
	return server.Handler(nil, func(wb *server.Conn) {
		wb.SetTimeout(d)
		wb.RecvMessage()
		wb.SendClose(code, "")
	})
}

// attempts runs a client for some time, and returns when it has called its server.
func attempts(t *testing.T, during time.Duration, h http.Handler) (times []time.Time, err error) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), during)
		defer cancel()
		err = Run(ctx, "ws://chat.example/", &client.Options{
			Dial: client.DialHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				times = append(times, time.Now())
				h.ServeHTTP(w, r)
			})),
		}, receive)
	})
	return times, err
}

func TestWaits(t *testing.T) {
	for _, tt := range []struct {
		name        string
		server      http.Handler
		lasts       time.Duration // a connection
		least, most []time.Duration
	}{
		{"unavailable", refuse(503, ""), 0,
			[]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 15 * time.Second},
			[]time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second}},
		{"retry_after", refuse(429, "60"), 0,
			[]time.Duration{time.Minute, time.Minute}, []time.Duration{time.Minute, time.Minute}},
		{"goes_away_at_once", lasting(time.Second, frame.StatusGoingAway), time.Second,
			[]time.Duration{250 * time.Millisecond, 500 * time.Millisecond, time.Second}, []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}},
		{"goes_away_later", lasting(time.Minute, frame.StatusGoingAway), time.Minute,
			[]time.Duration{250 * time.Millisecond, 250 * time.Millisecond}, []time.Duration{500 * time.Millisecond, 500 * time.Millisecond}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			times, _ := attempts(t, 10*time.Minute, tt.server)
			if len(times) <= len(tt.least) {
				t.Fatalf("%d attempts", len(times))
			}
			random := false
			for i := range tt.least {
				wait := times[i+1].Sub(times[i]) - tt.lasts
				if wait < tt.least[i] || wait > tt.most[i] {
					t.Errorf("wait %d was %v, want %v to %v", i, wait, tt.least[i], tt.most[i])
				}
				random = random || wait != tt.least[i] && wait != tt.most[i]
			}
			if fixed := tt.name == "retry_after"; random == fixed {
				t.Errorf("random waits: %t", random)
			}
		})
	}
}

func TestFinal(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"unauthorized": refuse(401, ""),
		"not_found":    refuse(404, ""),
		"policy":       lasting(time.Second, frame.StatusPolicyViolation),
		"too_big":      lasting(time.Second, frame.StatusMessageTooBig),
	} {
		if times, err := attempts(t, time.Hour, h); len(times) != 1 || err == nil {
			t.Errorf("%s: %d attempts, %v", name, len(times), err)
		}
	}
}

func TestEnd(t *testing.T) {
	// The end of ctx says goodbye.
	ended := make(chan error, 1)
	_, err := attempts(t, time.Minute, server.Handler(nil, func(wb *server.Conn) {
		_, _, err := wb.RecvMessage()
		ended <- err
	}))
	if got := <-ended; frame.CloseCode(got) != frame.StatusNormalClosure || err == nil {
		t.Errorf("the server received %v, Run returned %v", got, err)
	}
	// So does serve.
	err = Run(t.Context(), "ws://chat.example/", &client.Options{
		Dial: client.DialHandler(lasting(time.Hour, 1001)),
	}, func(*client.Conn) error { return nil })
	if err != nil {
		t.Error(err)
	}
}

// The client asks for all events after the last one that it has seen, and so misses none.
func ExampleRun() {
	events := []string{"one", "two", "three", "four"}
	// This server sends two events, and then loses the connection.
	h := server.Handler(nil, func(wb *server.Conn) {
		data, _, err := wb.RecvMessage()
		var next int
		if _, scanErr := fmt.Sscanf(string(data), "from %d", &next); err != nil || scanErr != nil {
			return
		}
		for _, event := range events[next:min(next+2, len(events))] {
			wb.SendString(event)
		}
		wb.CloseNow()
	})

	seen := 0
	err := Run(context.Background(), "ws://chat.example/", &client.Options{Dial: client.DialHandler(h)}, func(wb *client.Conn) error {
		if err := wb.SendString(fmt.Sprintf("from %d", seen)); err != nil {
			return err
		}
		for seen < len(events) {
			data, _, err := wb.RecvMessage()
			if err != nil {
				return err
			}
			fmt.Printf("%s\n", data)
			seen++
		}
		return nil
	})
	fmt.Println(err)
	// Output:
	// one
	// two
	// three
	// four
	// <nil>
}
