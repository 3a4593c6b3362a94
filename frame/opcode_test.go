package frame

import "testing"

func TestOpcode(t *testing.T) {
	defined := map[Opcode]string{
		0x0: "continuation", 0x1: "text", 0x2: "binary", 0x8: "close", 0x9: "ping", 0xA: "pong",
	}
	for i := range 256 {
		op := Opcode(i)
		word, isDefined := defined[op]
		if isDefined && op.String() != word {
			t.Errorf("%#x.String() = %q, want %q", i, op, word)
		}
		if op.isReserved() == isDefined {
			t.Errorf("%#x: isReserved() = %t", i, op.isReserved())
		}
		// Section 5.5: "opcodes where the most significant bit of the opcode
		// is 1".
		if i < 16 && op.IsControl() != (i >= 8) {
			t.Errorf("%#x: IsControl() = %t", i, op.IsControl())
		}
	}
	if got := Opcode(0xB).String(); got != "opcode 0xb" {
		t.Errorf("0xB.String() = %q", got)
	}
}
