package handshake

import (
	"strings"
	"testing"
)

// show writes what the scanner finds in a plain form: names, then parameters in
// brackets.
func show(lines ...string) string {
	s := scanExtensions(lines)
	var b strings.Builder
	for {
		name, ok := s.extension()
		if !ok {
			break
		}
		b.WriteString(name)
		for {
			p, ok := s.param()
			if !ok {
				break
			}
			b.WriteString("[" + p.name)
			if p.hasValue {
				b.WriteString("=" + p.value)
			}
			b.WriteString("]")
		}
		b.WriteString(" ")
	}
	if s.malformed {
		return "malformed"
	}
	return strings.TrimSpace(b.String())
}

func TestExtensionScanner(t *testing.T) {
	for _, tt := range []struct {
		name  string
		lines []string
		want  string
	}{
		{"9.1/no_line", nil, ""},
		{"9.1/one", []string{"deflate-stream"}, "deflate-stream"},
		{"9.1/three", []string{"mux; max-channels=4; flow-control, deflate-stream, private-extension"},
			"mux[max-channels=4][flow-control] deflate-stream private-extension"},
		{"9.1/two_lines", []string{"foo", "bar; baz=2"}, "foo bar[baz=2]"},
		{"9.1/in_one_line", []string{"foo, bar; baz=2"}, "foo bar[baz=2]"},
		{"9.1/space_everywhere", []string{"\t foo ;\ta = 1 ; b ,\t bar "}, "foo[a=1][b] bar"},
		{"9.1/no_space", []string{"foo;a=1;b,bar"}, "foo[a=1][b] bar"},
		{"9.1/empty_elements", []string{",, foo,, ,bar,", "", " ,baz"}, "foo bar baz"},
		{"9.1/quoted", []string{`foo; a="1"; b="x"`}, "foo[a=1][b=x]"},
		{"9.1/quoted_with_escapes", []string{`foo; a="\1\2"; b="x\y"`, "bar"}, "foo[a=12][b=xy] bar"},

		{"9.1/empty_line", []string{""}, "malformed"},
		{"9.1/no_element", []string{" , ,", ","}, "malformed"},
		{"9.1/no_name", []string{"; a=1"}, "malformed"},
		{"9.1/no_param", []string{"foo;"}, "malformed"},
		{"9.1/no_param_before_comma", []string{"foo;, bar"}, "malformed"},
		{"9.1/no_value", []string{"foo; a="}, "malformed"},
		{"9.1/no_value_before_comma", []string{"foo; a=, bar"}, "malformed"},
		{"9.1/two_values", []string{"foo; a=1=2"}, "malformed"},
		{"9.1/two_names", []string{"foo bar"}, "malformed"},
		{"9.1/name_with_value", []string{"foo=1"}, "malformed"},
		{"9.1/name_quoted", []string{`"foo"`}, "malformed"},
		{"9.1/param_quoted", []string{`foo; "a"=1`}, "malformed"},
		{"9.1/param_split_over_lines", []string{"foo; a=", "1"}, "malformed"},
		{"9.1/separator_in_name", []string{"foo/1"}, "malformed"},
		{"9.1/not_ascii", []string{"fö"}, "malformed"},
		{"9.1/control_character", []string{"foo\x00"}, "malformed"},
		{"9.1/error_behind_valid_ones", []string{"foo, bar", "@"}, "malformed"},
		{"9.1/quoted_empty", []string{`foo; a=""`}, "malformed"},
		{"9.1/quoted_with_space", []string{`foo; a="1 2"`}, "malformed"},
		{"9.1/quoted_comma", []string{`foo; a="1,2"`}, "malformed"},
		{"9.1/quoted_quote", []string{`foo; a="\""`}, "malformed"},
		{"9.1/quote_not_closed", []string{`foo; a="1`}, "malformed"},
		{"9.1/quote_not_closed_behind_escape", []string{`foo; a="1\"`}, "malformed"},
		{"9.1/quote_ends_in_escape", []string{`foo; a="1\`}, "malformed"},
		{"9.1/text_behind_quote", []string{`foo; a="1"2`}, "malformed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := show(tt.lines...); got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.lines, got, tt.want)
			}
		})
	}
}

// The scanner takes linear time. With anything more it would not come to an end with
// 1 MiB, which is as much as net/http lets through.
func TestExtensionScannerIsLinear(t *testing.T) {
	const n = 1 << 20
	for _, tt := range []struct {
		name string
		line string
		ok   bool
	}{
		{"9.1/escapes", `foo; a="` + strings.Repeat(`\a`, n/2) + `"`, true},
		{"9.1/escapes_without_end", `foo; a="` + strings.Repeat(`\a`, n/2), false},
		{"9.1/quoted_values", "foo" + strings.Repeat(`;a="\b"`, n/7), true},
		{"9.1/quotes_without_end", strings.Repeat(`foo; a="`, n/8), false},
		{"9.1/offers", strings.Repeat("permessage-deflate;server_max_window_bits=7,", n/44), true},
		{"9.1/params", "permessage-deflate" + strings.Repeat(";client_max_window_bits", n/23), true},
		{"9.1/long_value", "permessage-deflate;client_max_window_bits=" + strings.Repeat("1", n), true},
		{"9.1/commas", "foo" + strings.Repeat(",", n), true},
		{"9.1/spaces", "foo" + strings.Repeat(" ", n), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, accepted, ok := new(Deflate).negotiate([]string{tt.line})
			if accepted || ok != tt.ok {
				t.Errorf("accepted: %v, well-formed: %v; want false, %v", accepted, ok, tt.ok)
			}
		})
	}
}
