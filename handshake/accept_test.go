package handshake

import "testing"

func TestAccept(t *testing.T) {
	for _, tt := range []struct{ name, key, want string }{
		{"1.3/example", "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
		{"4.2.2/another_key", "x3JJHMbDL1EzLkh9GBhXDw==", "HSmrc0sMlYUkAGmm5OPpG2HaGWk="},
		{"4.2.2/no_key", "", "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Accept(tt.key); got != tt.want {
				t.Errorf("Accept(%q) = %q, want %q", tt.key, got, tt.want)
			}
		})
	}
}

func TestAcceptAllocates(t *testing.T) {
	got := testing.AllocsPerRun(100, func() { Accept("dGhlIHNhbXBsZSBub25jZQ==") })
	if got > 1 {
		t.Errorf("Accept allocates %v times, want the string alone", got)
	}
}

func TestValidKey(t *testing.T) {
	for _, tt := range []struct {
		name, key string
		want      bool
	}{
		{"4.1/16_bytes", "AQIDBAUGBwgJCgsMDQ4PEA==", true},
		{"4.1/16_bytes_of_ones", "/////////////////////w==", true},
		{"4.1/example_with_spare_bits_set", "AQIDBAUGBwgJCgsMDQ4PEC==", true},
		{"4.2.1/empty", "", false},
		{"4.2.1/15_bytes", "AQIDBAUGBwgJCgsMDQ4P", false},
		{"4.2.1/17_bytes", "AQIDBAUGBwgJCgsMDQ4PEBE=", false},
		{"4.2.1/18_bytes", "AQIDBAUGBwgJCgsMDQ4PEBES", false},
		{"4.2.1/no_padding", "AQIDBAUGBwgJCgsMDQ4PEA", false},
		{"4.2.1/url_alphabet", "__________-_________-w==", false},
		{"4.2.1/space_inside", "AQIDBAUGBwgJ CgsMDQ4PEA=", false},
		{"4.2.1/padding_inside", "AQIDBAUG=wgJCgsMDQ4PEA==", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := validKey(tt.key); got != tt.want {
				t.Errorf("validKey(%q) = %v, want %v", tt.key, got, tt.want)
			}
		})
	}
}
