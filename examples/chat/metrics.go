package main

import (
	"fmt"
	"net/http"
)

// health says whether messages are accepted now. A balancer that asks sends no clients to a
// node without the bus.
func (n *node) health(w http.ResponseWriter, _ *http.Request) {
	if err := n.bus.fault(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

// metrics writes what the node counts in Prometheus' text form.
func (n *node) metrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	clients := n.clients.Stats()
	nodes, late := n.bus.counts()
	for _, m := range []struct {
		name, kind, help string
		value            uint64
	}{
		{"connections", "gauge", "Connections that are open.", uint64(clients.Open)},
		{"connections_opened_total", "counter", "Connections that were opened.", clients.Opened},
		{"connections_closed_total", "counter", "Connections that were closed.", clients.Closed},
		{"connections_closed_slow_total", "counter", "Connections that were closed because they were slow.", clients.ClosedSlow},
		{"messages_received_total", "counter", "Messages from clients.", clients.MessagesReceived},
		{"messages_sent_total", "counter", "Messages to clients.", clients.MessagesSent},
		{"messages_skipped_total", "counter", "Messages that slow clients did not get.", clients.Skipped},
		{"messages_refused_total", "counter", "Messages from clients that were refused, because the bus was away.", n.refused.Load()},
		{"messages_late_total", "counter", "Messages from the bus that were dropped, because later ones were there before.", late},
		{"bytes_received_total", "counter", "Bytes of frames from clients.", clients.BytesReceived},
		{"bytes_sent_total", "counter", "Bytes of frames to clients.", clients.BytesSent},
		{"nodes", "gauge", "Nodes that this one hears, itself among them.", uint64(nodes)},
		{"rooms", "gauge", "Rooms that have members on this node.", uint64(n.rooms.len())},
	} {
		fmt.Fprintf(w, "# HELP chat_%[1]s %[2]s\n# TYPE chat_%[1]s %[3]s\nchat_%[1]s %[4]d\n", m.name, m.help, m.kind, m.value)
	}
}
