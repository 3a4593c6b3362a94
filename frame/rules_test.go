package frame

import (
	"errors"
	"math"
	"testing"
)

func TestPayloadLimit(t *testing.T) {
	const most = math.MaxInt - maxHeaderLen
	for _, tt := range []struct {
		name    string
		n, want int64
	}{
		{"10.4/default", 0, 65535},
		{"10.4/set", 1, 1},
		{"10.4/none", -1, most},
		{"10.4/least", math.MinInt64, most},
		{"10.4/address_space", most, most},
		{"10.4/over_the_address_space", most + 1, most},
		{"10.4/most", math.MaxInt64, most},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := payloadLimit(tt.n); got != tt.want {
				t.Errorf("payloadLimit(%d) = %d, want %d", tt.n, got, tt.want)
			}
		})
	}
}

// TestRulesOrder breaks several rules with one header. The error must be that of
// the first section.
func TestRulesOrder(t *testing.T) {
	all := Header{RSV2: true, Opcode: 0xB, Length: 1 << 20}
	for _, step := range []struct {
		name string
		want error
		mend func(*Header)
	}{
		{"5.1/unmasked", ErrUnmasked, func(h *Header) { h.Masked = true }},
		{"5.2/reserved_bits", ErrReservedBits, func(h *Header) { h.RSV2 = false }},
		{"5.2/reserved_opcode", ErrReservedOpcode, func(h *Header) { h.Opcode = Close }},
		{"5.5/too_long", ErrControlTooLong, func(h *Header) { h.Length = 1 }},
		{"5.5/fragmented", ErrControlFragmented, func(h *Header) { h.Fin = true }},
		{"5.5.1/half_a_code", ErrCloseBody, func(h *Header) { h.Length = 2 }},
	} {
		t.Run(step.name, func(t *testing.T) {
			if err := new(Decoder).check(&all); !errors.Is(err, step.want) {
				t.Errorf("%+v: %v, want %v", all, err, step.want)
			}
		})
		step.mend(&all)
	}
	if err := new(Decoder).check(&all); err != nil {
		t.Errorf("%+v: %v, want no error", all, err)
	}
}
