package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"resty.websocket/frame"
)

// send sends the input, and has the connection closed when there is no more of it and no more answers come.
func (c *conversation) send(r io.Reader) {
	var err error
	if c.binary {
		err = c.sendBytes(r)
	} else {
		err = c.sendLines(r)
	}
	if err == nil {
		return // the connection has ended
	}
	if err != io.EOF {
		complain(err, "")
	}
	if c.wait >= 0 {
		c.silence.Store(time.AfterFunc(c.wait, func() { c.bye(frame.StatusNormalClosure, "") }))
	}
}

// sendBytes sends what each Read returns as a binary message, until the input ends with an error or the connection
// has ended.
func (c *conversation) sendBytes(r io.Reader) error {
	buf := make([]byte, 64<<10)
	for c.Fatal() == nil {
		n, err := r.Read(buf)
		if n > 0 {
			if err := c.SendBinary(buf[:n]); err != nil {
				complain(err, "")
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sendLines sends what each line says. It returns as sendBytes does.
func (c *conversation) sendLines(r io.Reader) error {
	lines := bufio.NewReader(r)
	for c.Fatal() == nil {
		line, err := lines.ReadString('\n')
		if line != "" {
			if err := c.sendLine(strings.TrimRight(line, "\r\n")); err != nil {
				complain(err, "")
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sendLine sends a message, or carries out a command. It returns what could not be done.
func (c *conversation) sendLine(line string) error {
	command, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(line, "//"):
		return c.SendString(line[1:])
	case !strings.HasPrefix(line, "/"):
		return c.SendString(line)
	case command == "/ping":
		return c.SendPing([]byte(rest))
	case command == "/close":
		code, reason, err := parseClose(rest)
		if err != nil {
			return err
		}
		return c.bye(code, reason)
	}
	return fmt.Errorf("unknown command %s; a message that begins with a slash is sent with another one before it", command)
}

// parseClose reads a status code, 0 if there is none, and a reason.
func parseClose(s string) (frame.StatusCode, string, error) {
	digits, reason, _ := strings.Cut(s, " ")
	if digits == "" {
		return 0, "", nil
	}
	code, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || !frame.StatusCode(code).Valid() {
		return 0, "", errors.New("/close wants a status code that may be sent, such as 1000, or 3000 to 4999")
	}
	return frame.StatusCode(code), reason, nil
}
