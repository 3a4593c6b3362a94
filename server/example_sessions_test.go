package server_test

import (
	"fmt"

	"resty.websocket/client"
	"resty.websocket/frame"
	"resty.websocket/server"
)

// A parrot is a Session that repeats what it hears.
type parrot struct{ wb *server.Conn }

func (p parrot) Message(data []byte, typ frame.Opcode) {
	if err := p.wb.SendMessage(typ, data); err != nil {
		p.wb.CloseNow() // Close follows
	}
}

func (p parrot) Close(error) {}

// An echo server for very many clients, most of which are silent.
func ExampleSessions() {
	h := server.Sessions(nil, func(wb *server.Conn) server.Session { return parrot{wb} })
	talkTo(h, func(wb *client.Conn) {
		check(wb.SendString("hello"))
		data, typ, err := wb.RecvMessage()
		fmt.Printf("%v %s %v\n", typ, data, err)
	})
	// Output: text hello <nil>
}

// A player is a Session that keeps what the program knows of a client.
type player struct {
	wb     *server.Conn
	points int
	left   chan string
}

// Message is called with one message after another, so that points needs no lock.
func (p *player) Message(data []byte, _ frame.Opcode) {
	p.points += len(data)
	check(p.wb.SendString(fmt.Sprint(p.points, " points")))
}

// Close is called once, whatever has ended the connection.
func (p *player) Close(err error) {
	p.left <- fmt.Sprintf("left with %d points: %v", p.points, frame.CloseCode(err))
}

// Each connection has a Session. While the client is silent, that and the Conn are all
// there is: no goroutine and no buffer.
func ExampleSession() {
	left := make(chan string, 1)
	h := server.Sessions(nil, func(wb *server.Conn) server.Session {
		return &player{wb: wb, left: left}
	})
	talkTo(h, func(wb *client.Conn) {
		for _, shot := range []string{"+", "+++"} {
			check(wb.SendString(shot))
			data, _, err := wb.RecvMessage()
			fmt.Printf("%s %v\n", data, err)
		}
	})
	fmt.Println(<-left)
	// Output:
	// 1 points <nil>
	// 4 points <nil>
	// left with 4 points: 1000 Normal Closure
}
