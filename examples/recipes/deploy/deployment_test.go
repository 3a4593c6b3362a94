package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// TestDeployment checks that the times of deployment.yaml fit, and that the program takes its arguments.
func TestDeployment(t *testing.T) {
	text, err := os.ReadFile("deployment.yaml")
	if err != nil {
		t.Fatal(err)
	}
	find := func(pattern string) string {
		t.Helper()
		match := regexp.MustCompile(pattern).FindSubmatch(text)
		if match == nil {
			t.Fatalf("no %s", pattern)
		}
		return string(match[1])
	}
	seconds := func(pattern string) time.Duration {
		n, _ := strconv.Atoi(find(pattern))
		return time.Duration(n) * time.Second
	}
	var args []string
	if err := json.Unmarshal([]byte(find(`args: (\[.*\])`)), &args); err != nil {
		t.Fatal(err)
	}
	cfg, err := parseFlags(args)
	if err != nil {
		t.Fatal(err)
	}
	killed, stopping := seconds(`terminationGracePeriodSeconds: (\d+)`), seconds(`sleep: {seconds: (\d+)}`)
	if stopping <= 0 || stopping+cfg.lead+cfg.grace+5*time.Second > killed {
		t.Errorf("%v of preStop, %v and %v of the program, and killed after %v", stopping, cfg.lead, cfg.grace, killed)
	}
	if port := find(`containerPort: (\d+)`); cfg.addr != ":"+port || find(`port: (\d+)}`) != port {
		t.Errorf("the program listens on %s, the port is %s", cfg.addr, port)
	}
	if path := find(`httpGet: {path: (/\w+)`); path != "/readyz" {
		t.Errorf("the probe asks %s", path)
	}
}

func TestBadFlags(t *testing.T) {
	for _, args := range [][]string{{"-trust", "10.0.0.1"}, {"8080"}, {"-grace", "20"}} {
		if cfg, err := parseFlags(args); err == nil {
			t.Errorf("%q: %+v", args, cfg)
		}
	}
}
