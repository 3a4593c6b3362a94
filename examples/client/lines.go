package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"resty.websocket/frame"
)

// sendLines sends what each line says, and closes the connection when there are no more, unless an answer is waited for.
func (c *conversation) sendLines(r io.Reader) {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			if err := c.sendLine(strings.TrimRight(line, "\r\n")); err != nil {
				complain(err, "")
			}
		}
		switch {
		case err != nil && !c.once:
			c.bye(frame.StatusNormalClosure, "")
			return
		case err != nil || c.Fatal() != nil:
			return
		}
	}
}

// sendLine sends a message, or carries out a command. It returns what could not be done.
func (c *conversation) sendLine(line string) error {
	command, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.HasPrefix(line, "//"):
		return c.sendMessage(line[1:])
	case !strings.HasPrefix(line, "/"):
		return c.sendMessage(line)
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

func (c *conversation) sendMessage(text string) error {
	if c.binary {
		return c.SendBinary([]byte(text))
	}
	return c.SendString(text)
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
