package main

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// parseKeepAlive reads TCP keepalive in the words of nginx's so_keepalive:
// "on", "off" or "idle:interval:count", where idle and interval are durations
// such as "2s", or plain seconds. An empty part, and "on" for all three,
// leaves the operating system's own setting.
func parseKeepAlive(s string) (config net.KeepAliveConfig, err error) {
	switch s {
	case "off":
		return net.KeepAliveConfig{Idle: unchanged}, nil // the zero value would leave keepalive as it is
	case "on":
		s = "::"
	case "::":
		return config, errors.New("all of idle:interval:count are empty")
	}
	parts := strings.Split(s, ":")
	if len(parts) != 3 {
		return config, errors.New("want on, off or idle:interval:count")
	}
	config.Enable = true
	if config.Idle, err = parseSeconds(parts[0]); err != nil {
		return config, fmt.Errorf("idle %w", err)
	}
	if config.Interval, err = parseSeconds(parts[1]); err != nil {
		return config, fmt.Errorf("interval %w", err)
	}
	if config.Count, err = parseCount(parts[2]); err != nil {
		return config, fmt.Errorf("count %w", err)
	}
	return config, nil
}

// unchanged, in a net.KeepAliveConfig, leaves the operating system's own
// setting.
const unchanged = -1

// parseSeconds reads a duration from one second to nine hours, about what TCP
// stacks can hold.
func parseSeconds(s string) (time.Duration, error) {
	if s == "" {
		return unchanged, nil
	}
	d, err := time.ParseDuration(s)
	if n, plain := strconv.Atoi(s); plain == nil {
		d, err = time.Duration(n)*time.Second, nil
	}
	if err != nil || d < time.Second || d > 9*time.Hour {
		return 0, fmt.Errorf("%q is no duration from 1s to 9h", s)
	}
	return d, nil
}

// parseCount reads a number of probes, of which TCP stacks take up to 127.
func parseCount(s string) (int, error) {
	if s == "" {
		return unchanged, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 127 {
		return 0, fmt.Errorf("%q is no number from 1 to 127", s)
	}
	return n, nil
}
