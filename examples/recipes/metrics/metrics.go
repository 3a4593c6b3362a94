// Package metrics counts connections for Prometheus, and logs their ends by log/slog.
package metrics

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// A Service serves WebSockets, and knows what becomes of them. The zero value is ready.
type Service struct {
	// Group must be the Options.Group of the connections.
	Group server.Group

	mu   sync.Mutex
	ends map[frame.StatusCode]int
}

// Watch returns a function for server.Handler that calls serve, and then counts and logs how the connection has ended.
func (s *Service) Watch(log *slog.Logger, serve func(wb *server.Conn, log *slog.Logger)) func(*server.Conn) {
	return func(wb *server.Conn) {
		begun := time.Now()
		log := log.With("client", wb.RemoteAddr(), "path", wb.Request().URL.Path)
		log.Debug("connected", "protocol", wb.Protocol())
		serve(wb, log)
		wb.Close() // so that the end is known
		err := wb.Fatal()
		code := codeOf(err)
		s.mu.Lock()
		if s.ends == nil {
			s.ends = make(map[frame.StatusCode]int)
		}
		s.ends[code]++
		s.mu.Unlock()
		log.Log(wb.Context(), level(err), "ended", "code", int(code), "err", err, "after", time.Since(begun))
	}
}

// codeOf returns the status code for an end: the client's, this server's after a fault of the client, or 1006, the code of RFC
// 6455, Section 7.4.1, for an end without a Close frame.
func codeOf(err error) frame.StatusCode {
	var fault *frame.ProtocolError
	if errors.As(err, &fault) {
		return fault.Code
	}
	if code := frame.CloseCode(err); code != 0 {
		return code
	}
	return frame.StatusAbnormalClosure
}

// level is Warn for faults of clients. Tabs that are closed and networks that are lost are no reason to look.
func level(err error) slog.Level {
	if fault := new(frame.ProtocolError); errors.As(err, &fault) {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

// ServeHTTP writes the metrics in the text format of Prometheus.
func (s *Service) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4")
	stats := s.Group.Stats()
	gauge(w, "websocket_connections", "Open connections.", stats.Open)
	counter(w, "websocket_connections_opened_total", "Connections that were opened.", stats.Opened)
	counter(w, "websocket_received_messages_total", "Messages received.", stats.MessagesReceived)
	counter(w, "websocket_received_bytes_total", "Bytes of frames received.", stats.BytesReceived)
	counter(w, "websocket_sent_messages_total", "Messages sent.", stats.MessagesSent)
	counter(w, "websocket_sent_bytes_total", "Bytes of frames sent.", stats.BytesSent)
	counter(w, "websocket_skipped_messages_total", "Messages that slow clients did not get.", stats.Skipped)
	counter(w, "websocket_slow_total", "Clients that were closed because they were slow.", stats.ClosedSlow)
	s.writeEnds(w)
}

func gauge(w io.Writer, name, help string, value int) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %[1]s gauge\n%[1]s %[3]d\n", name, help, value)
}

func counter(w io.Writer, name, help string, value uint64) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %[1]s counter\n%[1]s %[3]d\n", name, help, value)
}

// writeEnds writes how many connections have ended with each code. The codes from 3000 on, which a client chooses, are one:
// each value of a label is kept for ever by Prometheus.
func (s *Service) writeEnds(w io.Writer) {
	s.mu.Lock()
	ends := make(map[string]int)
	for code, n := range s.ends {
		label := fmt.Sprint(int(code))
		if code >= 3000 {
			label = "other"
		}
		ends[label] += n
	}
	s.mu.Unlock()
	const name = "websocket_ends_total"
	fmt.Fprintf(w, "# HELP %s Connections that have ended, by status code.\n# TYPE %[1]s counter\n", name)
	for _, label := range slices.Sorted(maps.Keys(ends)) {
		fmt.Fprintf(w, "%s{code=%q} %d\n", name, label, ends[label])
	}
}
