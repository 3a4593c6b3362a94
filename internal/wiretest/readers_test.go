package wiretest

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCuts(t *testing.T) {
	if got, want := Cuts(3), []int{0, 1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("Cuts(3) = %v, want %v", got, want)
	}
	for _, n := range []int{0, 127, 128, 2048, 2049, 65536, 1 << 17, 1<<17 + 1, 1 << 20} {
		cuts := Cuts(n)
		if cuts[0] != 0 || cuts[len(cuts)-1] != n || !slices.IsSorted(cuts) || len(slices.Compact(cuts)) != len(cuts) {
			t.Errorf("Cuts(%d) = %v, want it to ascend from 0 to %d", n, cuts, n)
		}
		if n <= 2048 && len(cuts) != n+1 || len(cuts) > 2049 {
			t.Errorf("Cuts(%d): %d cuts", n, len(cuts))
		}
	}
}

func TestPieces(t *testing.T) {
	r := Pieces([]byte("abcdef"), 2, 2, 5)
	var got []string
	buf := make([]byte, 10)
	for {
		n, err := r.Read(buf)
		if err == io.EOF {
			break
		}
		got = append(got, string(buf[:n]))
	}
	if want := []string{"ab", "", "cde", "f"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if err := iotest.TestReader(Pieces([]byte("abcdef"), 2, 5), []byte("abcdef")); err != nil {
		t.Error(err)
	}
}

func TestInterrupted(t *testing.T) {
	hiccup := errors.New("hiccup")
	r := Interrupted(strings.NewReader("abc"), hiccup)
	var got strings.Builder
	buf := make([]byte, 10)
	for i := range 10 {
		n, err := r.Read(buf)
		got.Write(buf[:n])
		switch {
		case i >= 7 && (n != 0 || err != io.EOF):
			t.Errorf("the end: %d, %v", n, err)
		case i < 7 && i%2 == 0 && (n != 0 || err != hiccup):
			t.Errorf("read %d: %d, %v, want the error", i, n, err)
		case i < 7 && i%2 == 1 && (n != 1 || err != nil):
			t.Errorf("read %d: %d, %v, want one byte", i, n, err)
		}
	}
	if got.String() != "abc" {
		t.Errorf("%q, want abc", got.String())
	}
}

func TestScribbling(t *testing.T) {
	p := make([]byte, 8)
	n, err := Scribbling(strings.NewReader("abc")).Read(p)
	if n != 3 || err != nil || string(p[:3]) != "abc" {
		t.Errorf("%d, %v, %q", n, err, p[:n])
	}
	if bytes.Contains(p[3:], []byte{0}) {
		t.Errorf("% x behind the bytes, want garbage", p[3:])
	}
}
