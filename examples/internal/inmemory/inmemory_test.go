package inmemory

import (
	"testing"

	"resty.websocket/client"
	"resty.websocket/server"
)

func TestConnect(t *testing.T) {
	h := server.Handler(&server.Options{Protocols: []string{"v1"}}, func(wb *server.Conn) {
		wb.SendString(wb.Request().Host + wb.Request().URL.String())
	})
	for _, opts := range []*client.Options{nil, {Protocols: []string{"v1"}}} {
		wb, _, err := Connect(h, "/room?name=Ann", opts)
		if err != nil {
			t.Fatal(err)
		}
		defer wb.CloseNow()
		data, _, err := wb.RecvMessage()
		if got, want := string(data), "chat.example/room?name=Ann"; got != want || err != nil {
			t.Errorf("the handler saw %q, %v, want %q", got, err, want)
		}
		if (wb.Protocol() == "v1") != (opts != nil) {
			t.Errorf("subprotocol %q with %v", wb.Protocol(), opts)
		}
	}
}
