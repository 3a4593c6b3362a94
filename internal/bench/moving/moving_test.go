package moving

import (
	"os"
	"testing"

	"resty.websocket/internal/readme/cells"

	_ "github.com/coder/websocket/wsjson"
	_ "github.com/gobwas/ws/wsflate"
	_ "github.com/gobwas/ws/wsutil"
	_ "github.com/gorilla/websocket"
	_ "github.com/lxzan/gws"
)

// A library is one that programs move from.
type library struct {
	packages []string
	names    string // which the calls in the table use
}

// common are names that the calls of all libraries use.
const common = `
	w        http.ResponseWriter
	r        *http.Request
	ctx      context.Context
	config   *tls.Config
	header   http.Header
	deadline time.Time
	d        time.Duration
	uri, s   string
	p        []byte
	v        any
	rd       io.Reader
`

var libraries = map[string]library{
	"gorilla/websocket": {[]string{"github.com/gorilla/websocket"}, `
	u      websocket.Upgrader
	dialer websocket.Dialer
	c      *websocket.Conn
	m      *websocket.PreparedMessage
`},
	"coder/websocket": {[]string{"github.com/coder/websocket", "github.com/coder/websocket/wsjson"}, `
	c          *websocket.Conn
	httpClient *http.Client
`},
	"gobwas/ws": {[]string{"github.com/gobwas/ws", "github.com/gobwas/ws/wsutil", "github.com/gobwas/ws/wsflate"}, `
	conn net.Conn
	hs   ws.Handshake
	h    ws.Header
	mask [4]byte
`},
	"gws": {[]string{"github.com/lxzan/gws"}, `
	u       *gws.Upgrader
	handler gws.Event
	socket  *gws.Conn
	message *gws.Message
	b       *gws.Broadcaster
`},
}

func TestCalls(t *testing.T) {
	text, err := os.ReadFile("../../../examples/MOVING.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := make(map[string]cells.Table)
	for _, table := range cells.Tables(string(text)) {
		tables[table.Header[0]] = table
	}
	for name, library := range libraries {
		t.Run(name, func(t *testing.T) {
			packages := append([]string{"context", "crypto/tls", "errors", "io", "net", "net/http", "time"}, library.packages...)
			checker, err := cells.NewChecker(packages...)
			if err != nil {
				t.Fatal(err)
			}
			scope := "var (\n" + common + library.names + ")\n"
			spans := 0
			for _, row := range tables[name].Rows {
				for _, code := range cells.Spans(row.Cells[0]) {
					spans++
					if err := checker.Check(scope, code); err != nil {
						t.Errorf("line %d: %s: %v", row.Line, code, err)
					}
				}
			}
			if spans < 20 {
				t.Errorf("only %d calls are found", spans)
			}
		})
	}
}
