package main

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"resty.websocket/client"
	"resty.websocket/frame"
)

func TestRoom(t *testing.T) {
	n := begin(t)
	n.healthy(t, 1)
	ann := enter(t, n, "lobby", "Ann")
	if e := ann.await("here"); !slices.Equal(e.Names, []string{"Ann"}) || e.Node != n.listener.Addr().String() {
		t.Errorf("%+v", e)
	}
	bob := enter(t, n, "lobby", "Bob")
	if e := bob.await("here"); !slices.Equal(e.Names, []string{"Ann", "Bob"}) {
		t.Errorf("%+v", e)
	}
	if e := ann.await("joined"); e.Name != "Bob" {
		t.Errorf("%+v", e)
	}
	cid := enter(t, n, "Küche 1.*", "Cid") // none of these characters means anything to NATS
	cid.await("here")
	cid.say("alone")
	bob.say("Grüße\n\"<b>\"")
	for _, v := range []*visitor{ann, bob} {
		if e := v.await("said"); e.Name != "Bob" || e.Text != "Grüße\n\"<b>\"" {
			t.Errorf("%+v", e)
		}
	}
	cid.hears("alone")
	bob.wb.Close()
	if e := ann.await("left"); e.Name != "Bob" {
		t.Errorf("%+v", e)
	}
}

func TestRequests(t *testing.T) {
	n := begin(t)
	n.healthy(t, 1)
	for path, want := range map[string]int{
		"/":                   http.StatusOK,
		"/metrics":            http.StatusOK,
		"/favicon.ico":        http.StatusNotFound,
		"/ws":                 http.StatusBadRequest,
		"/ws?room=a":          http.StatusBadRequest,
		"/ws?room=a&name=%ff": http.StatusBadRequest,
		"/ws?room=a&name=b":   http.StatusBadRequest, // no WebSocket
		"/ws?name=b&room=" + strings.Repeat("a", maxName+1): http.StatusBadRequest,
	} {
		if status, body := n.get(t, path); status != want {
			t.Errorf("GET %s: %d %s, want %d", path, status, body, want)
		}
	}
	v := enter(t, n, "a", "b")
	if err := v.wb.SendBinary([]byte("text")); err != nil {
		t.Fatal(err)
	}
	v.ends(frame.StatusUnsupportedData)
	v = enter(t, n, "a", "b")
	v.say(strings.Repeat("a", maxText+1))
	v.ends(frame.StatusMessageTooBig)
}

// TestComeAndGo has a room begin and end all the time, under the feet of others.
func TestComeAndGo(t *testing.T) {
	n := begin(t)
	n.healthy(t, 1)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 50 {
				text := fmt.Sprint(i, " ", j)
				v := enter(t, n, "a", text)
				v.say(text)
				for e := v.await("said"); e.Text != text; e = v.await("said") {
				}
				v.wb.CloseNow()
			}
		})
	}
	all.Wait()
	await(t, "end of the room", func() bool { return n.rooms.len() == 0 })
	if got := n.conn.NumSubscriptions(); got != 1 {
		t.Errorf("%d subscriptions are left, want that of the ticks", got)
	}
}

// TestMoment has a node say something while it does not hear itself for a moment.
func TestMoment(t *testing.T) {
	n := begin(t)
	n.healthy(t, 1)
	v := enter(t, n, "a", "b")
	v.await("here")
	n.bus.mu.Lock()
	n.bus.order.nodes[n.bus.order.self].hears = 0
	n.bus.mu.Unlock()
	if err := n.bus.say(subjectOf("a"), event{Type: "said", Text: "hello"}.encode()); err != nil {
		t.Fatal(err)
	}
	v.hears("hello")
}

func TestMetrics(t *testing.T) {
	n := begin(t)
	n.healthy(t, 1)
	v := enter(t, n, "a", "b")
	v.await("here")
	v.say("hello")
	v.hears("hello")
	_, text := n.get(t, "/metrics")
	for _, want := range []string{
		"# TYPE chat_connections gauge\nchat_connections 1\n",
		"# TYPE chat_messages_received_total counter\nchat_messages_received_total 1\n",
		"\nchat_messages_sent_total 2\n",
		"\nchat_messages_refused_total 0\n",
		"\nchat_nodes 1\n",
		"\nchat_rooms 1\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("/metrics lacks %q:\n%s", want, text)
		}
	}
}

// TestSlow has a client that does not read. It is closed, or misses messages, and the others
// do not wait for it.
func TestSlow(t *testing.T) {
	for flag, metric := range map[string]string{
		"-skip-slow=false": "chat_connections_closed_slow_total 1\n",
		"-skip-slow":       "chat_messages_skipped_total",
	} {
		t.Run(flag, func(t *testing.T) {
			n := begin(t, flag)
			n.healthy(t, 1)
			slow := enter(t, n, "a", "slow")
			slow.await("here")
			quick := enter(t, n, "a", "quick")
			text := strings.Repeat("a", maxText)
			slowed := func() bool {
				_, text := n.get(t, "/metrics")
				return strings.Contains(text, metric) && !strings.Contains(text, metric+" 0\n")
			}
			said := 0
			for ; said%100 > 0 || !slowed(); said++ {
				quick.say(text)
				quick.hears(text)
			}
			quick.say("last")
			quick.hears("last")
			if flag == "-skip-slow" {
				quick.say("for all")
				for heard := 0; slow.await("said").Text == text; heard++ {
					if heard == said {
						t.Error("the slow client missed nothing")
					}
				}
				return
			}
			slow.ends(frame.StatusTryAgainLater)
		})
	}
}

// TestBusAway has two nodes at a NATS server that is not there at first, and then is cut off
// for a while.
func TestBusAway(t *testing.T) {
	l := newLink(t)
	a, b := begin(t, "-nats", "nats://"+l.addr), begin(t, "-nats", "nats://"+l.addr)
	refused := func(v *visitor, text string) {
		t.Helper()
		v.say(text)
		if e := v.await("refused"); e.Text != text || e.Why != errSilent.Error() {
			t.Errorf("%+v", e)
		}
		await(t, "fault in /healthz", func() bool {
			status, body := a.get(t, "/healthz")
			return status == http.StatusServiceUnavailable && body == errSilent.Error()+"\n"
		})
	}
	ann, bob := enter(t, a, "a", "Ann"), enter(t, b, "a", "Bob")
	refused(ann, "one")

	s, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	defer s.Shutdown()
	if !s.ReadyForConnections(30 * time.Second) {
		t.Fatal("the NATS server does not start")
	}
	l.open(s.Addr().String())
	a.healthy(t, 2)
	b.healthy(t, 2)
	ann.say("two")
	ann.hears("two")
	bob.hears("two")

	l.cut()
	await(t, "end of the connection", func() bool { return !a.conn.IsConnected() })
	refused(ann, "three")
	if a.conn.Opts.MaxReconnect >= 0 {
		t.Error("the node will give up")
	}
	l.open(s.Addr().String())
	a.healthy(t, 2)
	b.healthy(t, 2)
	bob.say("four")
	ann.hears("four") // and not three
	bob.hears("four")
	if _, text := a.get(t, "/metrics"); !strings.Contains(text, "\nchat_messages_refused_total 2\n") {
		t.Errorf("/metrics counts other than 2 messages that were refused:\n%s", text)
	}
}

// TestHeartbeat has a client that is gone without a word.
func TestHeartbeat(t *testing.T) {
	n := begin(t, "-heartbeat", "100ms")
	n.healthy(t, 1)
	here := enter(t, n, "a", "here")
	gone, _, err := client.Connect(t.Context(), "ws://"+n.listener.Addr().String()+"/ws?room=a&name=gone", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer gone.CloseNow()
	if e := here.await("left"); e.Name != "gone" {
		t.Errorf("%+v", e)
	}
}
