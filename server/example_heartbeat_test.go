package server_test

import (
	"errors"
	"fmt"
	"time"

	"resty.websocket/client"
	"resty.websocket/server"
)

// A client that is there answers Pings while it receives, and one that is gone does not.
// Neither Timeout nor pings of the handler's own are needed to find out.
func ExampleOptions_heartbeat() {
	opts := &server.Options{Heartbeat: 100 * time.Millisecond} // 20 to 30 seconds in earnest
	gone := make(chan bool)
	talk(opts, func(wb *server.Conn) {
		defer close(gone)
		for {
			data, _, err := wb.RecvMessage()
			if errors.Is(err, server.ErrPeerSilent) {
				fmt.Println("the client is gone")
			}
			if err != nil {
				return
			}
			fmt.Printf("%s, answered pings: %t\n", data, wb.Latency() > 0)
		}
	}, func(wb *client.Conn) {
		wb.SetTimeout(time.Second)
		wb.RecvMessage() // nothing but Pings comes, for longer than a dead client has
		check(wb.SendString("still here"))
		<-gone // and does not receive meanwhile
	})
	// Output:
	// still here, answered pings: true
	// the client is gone
}

// Latency is measured by the heartbeat, and is 0 until a Ping was answered.
func ExampleConn_Latency() {
	talk(&server.Options{Heartbeat: 100 * time.Millisecond}, func(wb *server.Conn) {
		fmt.Println(wb.Latency())
		wb.RecvMessage()
		fmt.Println(wb.Latency() > 0)
	}, func(wb *client.Conn) {
		wb.SetTimeout(time.Second)
		wb.RecvMessage()
		check(wb.SendString("bye"))
	})
	// Output:
	// 0s
	// true
}
