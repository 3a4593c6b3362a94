package http1

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"resty.websocket/internal/transport"
)

const (
	// MaxBody is how many bytes of a refusal's body are kept.
	MaxBody = 4 << 10

	// BodyTime is how long a refusal's body may take, from the end of the header.
	BodyTime = time.Second
)

// KeepBody puts the first MaxBody bytes of resp's body into memory, or as many of them
// as arrive within BodyTime. resp.Body then needs no closing. The connection is closed
// if the time runs out, and is of no further use in any case.
func (in *Reader) KeepBody(resp *http.Response) {
	// A deadline would not do: some connections have none, and setting one would undo
	// the caller's.
	timer := time.AfterFunc(BodyTime, func() { transport.Abort(in.conn) })
	defer timer.Stop()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	resp.Body = io.NopCloser(bytes.NewReader(body))
}
