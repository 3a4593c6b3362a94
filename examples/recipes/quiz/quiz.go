// Package quiz has a handler with a clock, and tests of it that need no port and no time: see quiz_test.go.
package quiz

import (
	"errors"
	"os"
	"strings"
	"time"

	"resty.websocket/frame"
	"resty.websocket/server"
)

// A Quiz asks each client its question.
type Quiz struct {
	Question, Answer string
	Time             time.Duration // for all answers of a client
	Tries            int
}

// Serve is for server.Handler. It closes the connection with 4000 if the answer is not right in time.
func (q *Quiz) Serve(wb *server.Conn) {
	if wb.SendString(q.Question) != nil {
		return
	}
	end := time.Now().Add(q.Time)
	for range q.Tries {
		wb.SetTimeout(max(1, time.Until(end))) // zero would be none
		data, _, err := wb.RecvMessage()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			wb.SendClose(4000, "time is up")
			return
		case err != nil:
			return
		case strings.EqualFold(string(data), q.Answer):
			wb.SendString("right")
			return
		}
		if wb.SendString("wrong") != nil {
			return
		}
	}
	wb.SendClose(4000, "no tries are left")
}

// Right reports whether the end of a connection says that the answer was right.
func Right(err error) bool { return frame.CloseCode(err) == frame.StatusNormalClosure }
