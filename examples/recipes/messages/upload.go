package messages

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// A Receipt says what was saved.
type Receipt struct {
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Save receives one binary message of any length, and writes it to a new file at path while it comes. It needs memory for one
// window, whatever the length. The file is there only if the message has arrived as a whole.
//
// The limit is in bytes. It is needed because NextReader itself has none, unless MaxMessageLen is set. Beyond it the client is
// sent a Close frame with 1009. Timeout bounds the wait for each piece, and not the whole.
func Save(wb *server.Conn, path string, limit int64) (r Receipt, err error) {
	typ, body, err := wb.NextReader()
	if err != nil {
		return r, err
	}
	if typ != frame.Binary {
		wb.SendClose(frame.StatusUnsupportedData, "a binary message is expected")
		return r, fmt.Errorf("a %v message", typ)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".upload-*")
	if err != nil {
		return r, err
	}
	defer os.Remove(file.Name()) // which fails after the Rename
	defer file.Close()
	sum := sha256.New()
	r.Bytes, err = io.Copy(io.MultiWriter(file, sum), io.LimitReader(body, limit+1))
	if err != nil {
		return r, err
	}
	if r.Bytes > limit {
		wb.SendClose(frame.StatusMessageTooBig, fmt.Sprintf("the limit is %d bytes", limit))
		return r, errors.New("the upload is too long")
	}
	r.SHA256 = fmt.Sprintf("%x", sum.Sum(nil))
	return r, errors.Join(file.Close(), os.Rename(file.Name(), path))
}
