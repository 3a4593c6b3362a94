package handshake

import (
	"fmt"
	"strings"
	"testing"
)

func TestChooseProtocol(t *testing.T) {
	var many strings.Builder
	for i := range maxProtocols {
		fmt.Fprintf(&many, "p%d,", i)
	}
	for _, tt := range []struct {
		name  string
		own   []string
		lines []string
		want  string
		// problem is "" for an offer that is valid.
		problem string
	}{
		{"4.2.2/none_offered", []string{"a"}, nil, "", ""},
		{"4.2.2/none_spoken", nil, []string{"a"}, "", ""},
		{"4.2.2/none_in_common", []string{"a"}, []string{"b, c"}, "", ""},
		{"4.2.2/servers_preference", []string{"c", "b", "a"}, []string{"a, b"}, "b", ""},
		{"4.2.2/case_matters", []string{"Chat"}, []string{"chat"}, "", ""},
		{"11.3.4/two_lines", []string{"b"}, []string{"a", "b"}, "b", ""},
		{"4.3/empty_elements", []string{"b"}, []string{", a ,,\tb\t,"}, "b", ""},
		{"4.3/every_token_character", []string{"!#$%&'*+-.^_`|~09azAZ"}, []string{"!#$%&'*+-.^_`|~09azAZ"}, "!#$%&'*+-.^_`|~09azAZ", ""},
		{"4.3/no_element", []string{"a"}, []string{" , "}, "", "no subprotocol"},
		{"4.3/empty_line", []string{""}, []string{""}, "", "no subprotocol"},
		{"4.1/repeated", []string{"a"}, []string{"a, b, a"}, "", "repeated: a"},
		{"4.1/repeated_in_another_line", []string{"a"}, []string{"a", "a"}, "", "repeated: a"},
		{"4.1/carriage_return", []string{"a"}, []string{"a\r\nX-Injected: 1"}, "", "not a token: a??X-Injected: 1"},
		{"4.1/null_byte", []string{"a"}, []string{"a\x00"}, "", "not a token: a?"},
		{"4.1/quoted", []string{"a"}, []string{`"a"`}, "", "not a token: \"a\""},
		{"4.1/servers_own_is_invalid", []string{"a b"}, []string{"a", "b"}, "", ""},
		{"4.1/as_many_as_allowed", []string{"p42"}, []string{many.String()}, "p42", ""},
		{"4.1/more_than_allowed", []string{"p42"}, []string{many.String() + "x"}, "", "101 subprotocols, more than 100"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, problem := chooseProtocol(tt.own, tt.lines)
			if got != tt.want || problem != tt.problem {
				t.Errorf("got %q, %q; want %q, %q", got, problem, tt.want, tt.problem)
			}
		})
	}
}
