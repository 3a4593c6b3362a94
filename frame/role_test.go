package frame

import (
	"bytes"
	"testing"
)

func TestRole(t *testing.T) {
	if Server.String() != "server" || Client.String() != "client" {
		t.Errorf("%v, %v", Server, Client)
	}
	var zero Role
	if zero != Server {
		t.Errorf("the zero value is %v", zero)
	}
}

// TestRoleOutOfRange tests that any value other than Client is a server.
func TestRoleOutOfRange(t *testing.T) {
	odd := Role(7)
	if odd.String() != "server" {
		t.Errorf("Role(7).String() = %q", odd)
	}
	if _, err := NewReader(bytes.NewReader([]byte{0x89, 0x00}), odd, 0).ReadFrame(); err != ErrUnmasked {
		t.Errorf("an unmasked frame: %v, want %v", err, ErrUnmasked)
	}
	if _, err := NewReader(bytes.NewReader([]byte{0x89, 0x80, 1, 2, 3, 4}), odd, 0).ReadFrame(); err != nil {
		t.Errorf("a masked frame: %v", err)
	}
}
