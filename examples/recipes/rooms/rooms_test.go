package rooms

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// enter connects a client, and waits until it is in the room.
func enter(t *testing.T, rooms *Rooms, room string) *client.Conn {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /rooms/{room}", rooms)
	wb, _, err := inmemory.Connect(mux, "/rooms/"+room, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wb.CloseNow() })
	synctest.Wait()
	return wb
}

func TestRooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms := New(server.CloseSlow)
		ann, bob, cat := enter(t, rooms, "1"), enter(t, rooms, "1"), enter(t, rooms, "2")
		if n, m := rooms.Members("1"), rooms.Members("2"); n != 2 || m != 1 {
			t.Errorf("%d and %d members", n, m)
		}
		ann.SendString("hello")
		cat.SendString("meow")
		for wb, want := range map[*client.Conn]string{ann: "hello", bob: "hello", cat: "meow"} {
			if data, _, err := wb.RecvMessage(); err != nil || string(data) != want {
				t.Errorf("%q, %v, want %q", data, err, want)
			}
		}
		for _, wb := range []*client.Conn{ann, bob, cat} {
			wb.Close()
		}
		synctest.Wait()
		if len(rooms.rooms) > 0 {
			t.Errorf("rooms without members: %v", rooms.rooms)
		}
	})
}

// TestSlow has a member that does not receive for a while, and one that does.
func TestSlow(t *testing.T) {
	for _, slow := range []server.SlowPolicy{server.CloseSlow, server.SkipSlow} {
		t.Run(fmt.Sprint(slow), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				rooms := New(slow)
				quick, lazy := enter(t, rooms, "1"), enter(t, rooms, "1")
				long := make([]byte, 16<<10)
				for i := range 100 {
					quick.SendBinary(long)
					if data, _, err := quick.RecvMessage(); err != nil || len(data) != len(long) {
						t.Fatalf("message %d: %d bytes, %v", i, len(data), err)
					}
				}
				received, err := 0, error(nil)
				lazy.SetTimeout(1) // the least: all that will come has come
				for synctest.Wait(); err == nil; synctest.Wait() {
					if _, _, err = lazy.RecvMessage(); err == nil {
						received++
					}
				}
				// 256 KiB have waited for it, and as much as the system took.
				if received < 12 || received > 40 {
					t.Errorf("received %d messages", received)
				}
				if closed := frame.CloseCode(err) == frame.StatusTryAgainLater; closed != (slow == server.CloseSlow) {
					t.Errorf("the end was %v", err)
				}
				if n := rooms.Members("1"); (n == 2) != (slow == server.SkipSlow) {
					t.Errorf("%d members", n)
				}
			})
		})
	}
}
