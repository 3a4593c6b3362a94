package http1

import (
	"strings"
	"testing"
)

func TestPrintable(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"printable", "a ~", "a ~"},
		{"control", "a\x1b[31m\r\n\x7f", "a?[31m???"},
		{"not_ascii", "ä", "??"},
		{"64_bytes", strings.Repeat("x", 64), strings.Repeat("x", 64)},
		{"longer", strings.Repeat("x", 65), strings.Repeat("x", 64) + "..."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Printable(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
