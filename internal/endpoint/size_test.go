package endpoint

import (
	"reflect"
	"testing"
)

// TestConnSize watches the size of a connection, which the allocator rounds up: to 256,
// 288, 320, 352.
func TestConnSize(t *testing.T) {
	if size := reflect.TypeFor[Conn]().Size(); size > 288 {
		t.Errorf("a Conn has %d bytes", size)
	}
}
