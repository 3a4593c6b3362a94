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
		ok    bool
	}{
		{"4.2.2/none_offered", []string{"a"}, nil, "", true},
		{"4.2.2/none_spoken", nil, []string{"a"}, "", true},
		{"4.2.2/none_in_common", []string{"a"}, []string{"b, c"}, "", true},
		{"4.2.2/servers_preference", []string{"c", "b", "a"}, []string{"a, b"}, "b", true},
		{"4.2.2/case_matters", []string{"Chat"}, []string{"chat"}, "", true},
		{"11.3.4/two_lines", []string{"b"}, []string{"a", "b"}, "b", true},
		{"4.3/empty_elements", []string{"b"}, []string{", a ,,\tb\t,"}, "b", true},
		{"4.3/every_token_character", []string{"!#$%&'*+-.^_`|~09azAZ"}, []string{"!#$%&'*+-.^_`|~09azAZ"}, "!#$%&'*+-.^_`|~09azAZ", true},
		{"4.3/no_element", []string{"a"}, []string{" , "}, "", false},
		{"4.3/empty_line", []string{""}, []string{""}, "", false},
		{"4.1/repeated", []string{"a"}, []string{"a, b, a"}, "", false},
		{"4.1/repeated_in_another_line", []string{"a"}, []string{"a", "a"}, "", false},
		{"4.1/carriage_return", []string{"a"}, []string{"a\r\nX-Injected: 1"}, "", false},
		{"4.1/null_byte", []string{"a"}, []string{"a\x00"}, "", false},
		{"4.1/quoted", []string{"a"}, []string{`"a"`}, "", false},
		{"4.1/servers_own_is_invalid", []string{"a b"}, []string{"a", "b"}, "", true},
		{"4.1/as_many_as_allowed", []string{"p42"}, []string{many.String()}, "p42", true},
		{"4.1/more_than_allowed", []string{"p42"}, []string{many.String() + "x"}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := chooseProtocol(tt.own, tt.lines)
			if got != tt.want || ok != tt.ok {
				t.Errorf("got %q, %v; want %q, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}
