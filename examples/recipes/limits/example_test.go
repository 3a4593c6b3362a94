package limits_test

import (
	"fmt"
	"time"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/examples/recipes/limits"
	"resty.websocket/server"
)

// The third connection of an address is refused.
func ExamplePerAddr() {
	h := &limits.PerAddr{Max: 2, Serve: func(wb *server.Conn) { wb.RecvMessage() }}
	for range 3 {
		wb, resp, err := inmemory.Connect(h, "/", nil)
		if err == nil {
			defer wb.Close()
		}
		fmt.Println(resp.Status)
	}
	// Output:
	// 101 Switching Protocols
	// 101 Switching Protocols
	// 503 Service Unavailable
}

// Three messages are taken at once, and then one in 50 milliseconds.
func ExamplePace_Wait() {
	serve := func(wb *server.Conn) {
		pace := limits.Pace{Every: 50 * time.Millisecond, Burst: 3}
		for {
			pace.Wait(wb)
			data, typ, err := wb.RecvMessage()
			if err != nil || wb.SendMessage(typ, data) != nil {
				return
			}
		}
	}
	wb, _, err := inmemory.Connect(server.Handler(&server.Options{MaxMessageLen: 1024}, serve), "/", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer wb.Close()
	begun := time.Now()
	for range 5 {
		wb.SendString("hello")
		wb.RecvMessage()
	}
	fmt.Println(time.Since(begun) >= 100*time.Millisecond)
	// Output: true
}

// A client that sends more than that is closed.
func ExamplePace_Strict() {
	serve := func(wb *server.Conn) {
		pace := limits.Pace{Every: time.Minute, Burst: 3}
		for {
			data, typ, err := wb.RecvMessage()
			if err != nil || !pace.Strict(wb) || wb.SendMessage(typ, data) != nil {
				return
			}
		}
	}
	wb, _, err := inmemory.Connect(server.Handler(nil, serve), "/", &client.Options{Timeout: time.Minute})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer wb.Close()
	for wb.Fatal() == nil {
		wb.SendString("hello")
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
	}
	// Output:
	// hello <nil>
	// hello <nil>
	// hello <nil>
	//  frame: closed by the peer: 1008 Policy Violation: "too many messages"
}
