package report

import (
	"math"
	"testing"
)

// TestRaced has a machine that is ten times as slow in one round.
func TestRaced(t *testing.T) {
	r := &Results{Cases: []Case{{Name: race100, Rounds: map[string][]Sample{
		"resty":        {{CPU: 10}, {CPU: 102}, {CPU: 12}, {CPU: 7}},
		"resty-before": {{CPU: 10}, {CPU: 100}, {CPU: 10}},
	}}}}
	if got := raced(race100, CPU)(r, "resty"); got != 1.02 {
		t.Errorf("got %v, want 1.02", got)
	}
	if got := raced(race1000, CPU)(r, "resty"); !math.IsNaN(got) {
		t.Errorf("of a case that did not run: %v", got)
	}
}

func TestHeld(t *testing.T) {
	r := &Results{Cases: []Case{
		{Name: reading, Rounds: map[string][]Sample{"resty": {{Round: 10}}}},
		{Name: tenStalled, Rounds: map[string][]Sample{"resty": {{Round: 15}}}},
	}}
	if got := held(r, "resty"); got != 1.5 {
		t.Errorf("got %v, want 1.5", got)
	}
}

func TestCompressing(t *testing.T) {
	r := &Results{Cases: []Case{
		{Name: broadcast1K, Rounds: map[string][]Sample{"resty": {{CPU: 10}}}},
		{Name: broadcast1K + "/takeover=on", Rounds: map[string][]Sample{"resty": {{CPU: 11}}, "resty-each": {{CPU: 30}}}},
	}}
	value := compressing(broadcast1K + "/takeover=on")
	if ours, each := value(r, "resty"), value(r, "resty-each"); ours != 1 || each != 20 {
		t.Errorf("got %v and %v, want 1 and 20", ours, each)
	}
}
