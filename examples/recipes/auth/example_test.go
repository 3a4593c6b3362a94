package auth_test

import (
	"fmt"
	"net/http"

	"resty.websocket/client"
	"resty.websocket/examples/internal/inmemory"
	"resty.websocket/examples/recipes/auth"
	"resty.websocket/server"
)

// greet says the name of its user.
func greet(wb *server.Conn) { wb.SendString("hello " + auth.UserOf(wb)) }

// verify knows one secret.
func verify(secret string) (user string, ok bool) { return "Ann", secret == "s3cret" }

// try prints what a client is told.
func try(h http.Handler, path string, opts *client.Options) {
	wb, resp, err := inmemory.Connect(h, path, opts)
	if err != nil {
		fmt.Println(resp.Status)
		return
	}
	defer wb.Close()
	data, _, err := wb.RecvMessage()
	fmt.Printf("%s %v\n", data, err)
}

func ExampleCookie() {
	h := auth.Cookie("session", verify, server.Handler(nil, greet))
	for _, opts := range []*client.Options{
		{Origin: "https://chat.example", Header: http.Header{"Cookie": {"session=s3cret"}}},
		{Origin: "https://chat.example", Header: http.Header{"Cookie": {"session=guess"}}},
		{Origin: "https://chat.example"},
		{Origin: "https://evil.example", Header: http.Header{"Cookie": {"session=s3cret"}}},
	} {
		try(h, "/", opts)
	}
	// Output:
	// hello Ann <nil>
	// 401 Unauthorized
	// 401 Unauthorized
	// 403 Forbidden
}

func ExampleTickets() {
	var tickets auth.Tickets
	h := tickets.Handler(server.Handler(&server.Options{CheckOrigin: func(*http.Request) bool { return true }}, greet))
	path := "/?ticket=" + tickets.Issue("Ann") // in the response to a request of the page's
	elsewhere := &client.Options{Origin: "https://app.example"}
	try(h, path, elsewhere)
	try(h, path, elsewhere) // a second time
	try(h, "/", elsewhere)
	// Output:
	// hello Ann <nil>
	// 401 Unauthorized
	// 401 Unauthorized
}

func ExampleSubprotocol() {
	h := auth.Subprotocol(verify, server.Handler(&server.Options{Protocols: []string{"chat.v1"}}, greet))
	try(h, "/", &client.Options{Protocols: []string{"chat.v1", "bearer.s3cret"}})
	try(h, "/", &client.Options{Protocols: []string{"chat.v1", "bearer.guess"}})
	try(h, "/", &client.Options{Protocols: []string{"chat.v1"}})
	// Output:
	// hello Ann <nil>
	// 401 Unauthorized
	// 401 Unauthorized
}

func ExampleFirstMessage() {
	h := server.Handler(&server.Options{MaxMessageLen: 4096}, auth.FirstMessage(verify, func(wb *server.Conn, user string) {
		wb.SendString("hello " + user)
	}))
	for _, token := range []string{"s3cret", "guess"} {
		wb, _, err := inmemory.Connect(h, "/", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		wb.SendString(token)
		data, _, err := wb.RecvMessage()
		fmt.Printf("%s %v\n", data, err)
		wb.Close()
	}
	// Output:
	// hello Ann <nil>
	//  frame: closed by the peer: 1008 Policy Violation: "no valid token"
}
