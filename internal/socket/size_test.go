//go:build linux || darwin || freebsd || netbsd || openbsd

package socket

import (
	"reflect"
	"strconv"
	"testing"
)

func TestSize(t *testing.T) {
	if strconv.IntSize != 64 {
		t.Skip("for 64-bit processors")
	}
	for typ, most := range map[reflect.Type]uintptr{
		reflect.TypeFor[Conn]():   64,
		reflect.TypeFor[waiter](): 32,
		reflect.TypeFor[rare]():   64,
	} {
		if typ.Size() > most {
			t.Errorf("%v is %d bytes, want at most %d", typ, typ.Size(), most)
		}
	}
}
