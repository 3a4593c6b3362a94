package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"time"

	"resty.websocket/client"
	"resty.websocket/server"
)

// A program that receives what a server pushes finds out that the server is gone, without
// a Timeout, which a quiet server would run into as well.
func ExampleOptions_heartbeat() {
	hung := make(chan bool)
	s := httptest.NewServer(server.Handler(nil, func(wb *server.Conn) {
		wb.SendString("the last news")
		<-hung // and answers no Ping
		wb.CloseNow()
	}))
	defer s.Close()
	defer close(hung)
	opts := &client.Options{Heartbeat: 100 * time.Millisecond} // 20 to 30 seconds in earnest
	wb, _, err := client.Connect(context.Background(), urlOf(s), opts)
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	for {
		data, _, err := wb.RecvMessage()
		if errors.Is(err, client.ErrPeerSilent) {
			fmt.Println("time to connect again")
			return
		} else if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s\n", data)
	}
	// Output:
	// the last news
	// time to connect again
}

// Latency is measured by the heartbeat, while a goroutine receives.
func ExampleConn_Latency() {
	s := httptest.NewServer(echo(nil))
	defer s.Close()
	wb, _, err := client.Connect(context.Background(), urlOf(s), &client.Options{Heartbeat: 100 * time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}
	defer wb.Close()
	fmt.Println(wb.Latency())
	wb.SetTimeout(time.Second)
	wb.RecvMessage()
	fmt.Println(wb.Latency() > 0)
	// Output:
	// 0s
	// true
}
