package handshake

import "testing"

// TestDeflateServer names RFC 7692's sections.
func TestDeflateServer(t *testing.T) {
	own := func(d Deflate) *Deflate { return &d }
	for _, tt := range []struct {
		name   string
		server *Deflate
		offers []string
		want   string // the response, empty if all are declined
	}{
		{"5/off", nil, []string{"permessage-deflate"}, ""},
		{"5/plain", own(Deflate{}), []string{"permessage-deflate"}, "permessage-deflate"},
		{"5/what_browsers_offer", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits"}, "permessage-deflate"},
		{"5/none_offered", own(Deflate{}), nil, ""},
		{"5/another_extension", own(Deflate{}), []string{"x-permessage-deflate-foo, permessage-bzip2"}, ""},
		{"5/name_in_upper_case", own(Deflate{}), []string{"Permessage-Deflate"}, ""},
		{"5/among_others", own(Deflate{}), []string{"foo; a=1", "permessage-deflate, bar"}, "permessage-deflate"},
		{"5/first_of_two", own(Deflate{}),
			[]string{"permessage-deflate; server_max_window_bits=10, permessage-deflate"},
			"permessage-deflate; server_max_window_bits=10"},
		{"5/fallback_to_the_second", own(Deflate{}),
			[]string{"permessage-deflate; server_max_window_bits=7, permessage-deflate; client_no_context_takeover"},
			"permessage-deflate; client_no_context_takeover"},
		{"5/fallback_in_another_line", own(Deflate{}),
			[]string{"permessage-deflate; unknown", "permessage-deflate; server_max_window_bits=9"},
			"permessage-deflate; server_max_window_bits=9"},

		{"7.1/unknown_parameter", own(Deflate{}), []string{"permessage-deflate; foo"}, ""},
		{"7.1/parameter_in_upper_case", own(Deflate{}), []string{"permessage-deflate; Client_Max_Window_Bits"}, ""},
		{"7.1/repeated_flag", own(Deflate{}), []string{"permessage-deflate; client_no_context_takeover; client_no_context_takeover"}, ""},
		{"7.1/repeated_server_bits", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10"}, ""},
		{"7.1/repeated_client_bits", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=10; client_max_window_bits"}, ""},
		{"7.1/repeated_client_bits_without_value", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits; client_max_window_bits"}, ""},

		{"7.1.1.1/asked", own(Deflate{}), []string{"permessage-deflate; server_no_context_takeover"}, "permessage-deflate; server_no_context_takeover"},
		{"7.1.1.1/not_asked", own(Deflate{ServerNoContextTakeover: true}), []string{"permessage-deflate"}, "permessage-deflate; server_no_context_takeover"},
		{"7.1.1.1/with_value", own(Deflate{}), []string{"permessage-deflate; server_no_context_takeover=1"}, ""},
		{"7.1.1.2/hinted", own(Deflate{}), []string{"permessage-deflate; client_no_context_takeover"}, "permessage-deflate; client_no_context_takeover"},
		{"7.1.1.2/not_hinted", own(Deflate{ClientNoContextTakeover: true}), []string{"permessage-deflate"}, "permessage-deflate; client_no_context_takeover"},
		{"7.1.1.2/with_value", own(Deflate{}), []string{"permessage-deflate; client_no_context_takeover=true"}, ""},

		{"7.1.2.1/asked", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=12"}, "permessage-deflate; server_max_window_bits=12"},
		{"7.1.2.1/asked_for_all", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=15"}, "permessage-deflate; server_max_window_bits=15"},
		{"7.1.2.1/asked_for_less_than_own", own(Deflate{ServerMaxWindowBits: 12}), []string{"permessage-deflate; server_max_window_bits=10"}, "permessage-deflate; server_max_window_bits=10"},
		{"7.1.2.1/asked_for_more_than_own", own(Deflate{ServerMaxWindowBits: 10}), []string{"permessage-deflate; server_max_window_bits=12"}, "permessage-deflate; server_max_window_bits=10"},
		{"7.1.2.1/not_asked", own(Deflate{ServerMaxWindowBits: 10}), []string{"permessage-deflate"}, "permessage-deflate; server_max_window_bits=10"},
		{"7.1.2.1/own_is_all", own(Deflate{ServerMaxWindowBits: 15}), []string{"permessage-deflate"}, "permessage-deflate"},
		{"7.1.2.1/least", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=8"}, "permessage-deflate; server_max_window_bits=8"},
		{"7.1.2.1/quoted", own(Deflate{}), []string{`permessage-deflate; server_max_window_bits="1\0"`}, "permessage-deflate; server_max_window_bits=10"},
		{"7.1.2.1/without_value", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits"}, ""},
		{"7.1.2.1/7", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=7"}, ""},
		{"7.1.2.1/16", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=16"}, ""},
		{"7.1.2.1/99", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=99"}, ""},
		{"7.1.2.1/leading_zero", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=09"}, ""},
		{"7.1.2.1/sign", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=+9"}, ""},
		{"7.1.2.1/not_a_number", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=x"}, ""},
		{"7.1.2.1/wraps_around", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=18446744073709551626"}, ""},

		{"7.1.2.2/not_offered", own(Deflate{ClientMaxWindowBits: 10}), []string{"permessage-deflate"}, ""},
		{"7.1.2.2/own_is_all", own(Deflate{ClientMaxWindowBits: 15}), []string{"permessage-deflate"}, "permessage-deflate"},
		{"7.1.2.2/without_value", own(Deflate{ClientMaxWindowBits: 10}), []string{"permessage-deflate; client_max_window_bits"}, "permessage-deflate; client_max_window_bits=10"},
		{"7.1.2.2/hint_larger", own(Deflate{ClientMaxWindowBits: 10}), []string{"permessage-deflate; client_max_window_bits=12"}, "permessage-deflate; client_max_window_bits=10"},
		{"7.1.2.2/hint_smaller", own(Deflate{ClientMaxWindowBits: 10}), []string{"permessage-deflate; client_max_window_bits=8"}, "permessage-deflate; client_max_window_bits=8"},
		{"7.1.2.2/hint_alone", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=12"}, "permessage-deflate; client_max_window_bits=12"},
		{"7.1.2.2/hint_of_all", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=15"}, "permessage-deflate"},
		{"7.1.2.2/7", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=7"}, ""},
		{"7.1.2.2/16", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=16"}, ""},

		{"7.1.3/everything", own(Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true, ServerMaxWindowBits: 10, ClientMaxWindowBits: 9}),
			[]string{"permessage-deflate; client_max_window_bits; server_max_window_bits=11; server_no_context_takeover"},
			"permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			response, accepted, ok := tt.server.negotiate(tt.offers)
			if !ok {
				t.Error("taken for malformed")
			}
			got := ""
			if accepted {
				got = string(response.append(nil))
			}
			if got != tt.want {
				t.Errorf("%q answered with %q, want %q", tt.offers, got, tt.want)
			}
		})
	}
}

func TestDeflateOffer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		client Deflate
		want   string
	}{
		{"7.1/zero_value", Deflate{}, "permessage-deflate; client_max_window_bits"},
		{"7.1/all_bits", Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}, "permessage-deflate; client_max_window_bits"},
		{"7.1/everything", Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true, ServerMaxWindowBits: 8, ClientMaxWindowBits: 14},
			"permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=14"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.client.offer().append(nil)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestDeflateClient(t *testing.T) {
	own := func(d Deflate) *Deflate { return &d }
	const refused = `bad permessage-deflate response: `
	for _, tt := range []struct {
		name   string
		client *Deflate
		lines  []string
		want   *Deflate
		reason string
	}{
		{"7.1/off", nil, nil, nil, ""},
		{"7.1/off_but_accepted", nil, []string{"permessage-deflate"}, nil, "extension not offered: permessage-deflate"},
		{"7.1/not_accepted", own(Deflate{ServerNoContextTakeover: true}), nil, nil, ""},
		{"7.1/plain", own(Deflate{Level: 5, Threshold: 7}), []string{"permessage-deflate"},
			own(Deflate{Level: 5, Threshold: 7, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}), ""},
		{"7.1/another_extension", own(Deflate{}), []string{"permessage-deflate, foo"}, nil, "extension not offered: foo"},
		{"7.1/accepted_twice", own(Deflate{}), []string{"permessage-deflate, permessage-deflate"}, nil, refused + "permessage-deflate, permessage-deflate"},
		{"7.1/accepted_twice_in_two_lines", own(Deflate{}), []string{"permessage-deflate", "permessage-deflate"}, nil, refused + "permessage-deflate, permessage-deflate"},
		{"7.1/unknown_parameter", own(Deflate{}), []string{"permessage-deflate; foo"}, nil, refused + "permessage-deflate; foo"},
		{"7.1/repeated_parameter", own(Deflate{}), []string{"permessage-deflate; server_no_context_takeover; server_no_context_takeover"}, nil,
			refused + "permessage-deflate; server_no_context_takeover; server_no_contex..."},

		{"7.1.1.1/asked", own(Deflate{ServerNoContextTakeover: true}), []string{"permessage-deflate; server_no_context_takeover"},
			own(Deflate{ServerNoContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}), ""},
		{"7.1.1.1/asked_in_vain", own(Deflate{ServerNoContextTakeover: true}), []string{"permessage-deflate"}, nil, refused + "permessage-deflate"},
		{"7.1.1.1/not_asked", own(Deflate{}), []string{"permessage-deflate; server_no_context_takeover"},
			own(Deflate{ServerNoContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}), ""},
		{"7.1.1.2/told", own(Deflate{}), []string{"permessage-deflate; client_no_context_takeover"},
			own(Deflate{ClientNoContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}), ""},
		{"7.1.1.2/hint_ignored", own(Deflate{ClientNoContextTakeover: true}), []string{"permessage-deflate"},
			own(Deflate{ClientNoContextTakeover: true, ServerMaxWindowBits: 15, ClientMaxWindowBits: 15}), ""},

		{"7.1.2.1/asked", own(Deflate{ServerMaxWindowBits: 10}), []string{"permessage-deflate; server_max_window_bits=10"},
			own(Deflate{ServerMaxWindowBits: 10, ClientMaxWindowBits: 15}), ""},
		{"7.1.2.1/got_less", own(Deflate{ServerMaxWindowBits: 10}), []string{`permessage-deflate; server_max_window_bits="8"`},
			own(Deflate{ServerMaxWindowBits: 8, ClientMaxWindowBits: 15}), ""},
		{"7.1.2.1/not_asked", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits=10"},
			own(Deflate{ServerMaxWindowBits: 10, ClientMaxWindowBits: 15}), ""},
		{"7.1.2.1/got_more", own(Deflate{ServerMaxWindowBits: 10}), []string{"permessage-deflate; server_max_window_bits=11"}, nil,
			refused + "permessage-deflate; server_max_window_bits=11"},
		{"7.1.2.1/asked_in_vain", own(Deflate{ServerMaxWindowBits: 10}), []string{"permessage-deflate"}, nil, refused + "permessage-deflate"},
		{"7.1.2.1/without_value", own(Deflate{}), []string{"permessage-deflate; server_max_window_bits"}, nil,
			refused + "permessage-deflate; server_max_window_bits"},

		{"7.1.2.2/told", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=9"},
			own(Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 9}), ""},
		{"7.1.2.2/hint_ignored", own(Deflate{ClientMaxWindowBits: 10}), []string{"permessage-deflate"},
			own(Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 10}), ""},
		{"7.1.2.2/more_than_hinted", own(Deflate{ClientMaxWindowBits: 10}), []string{"permessage-deflate; client_max_window_bits=11"}, nil,
			refused + "permessage-deflate; client_max_window_bits=11"},
		{"7.1.2.2/least", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits=8"},
			own(Deflate{ServerMaxWindowBits: 15, ClientMaxWindowBits: 8}), ""},
		{"7.1.2.2/without_value", own(Deflate{}), []string{"permessage-deflate; client_max_window_bits"}, nil,
			refused + "permessage-deflate; client_max_window_bits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.client.confirm(tt.lines)
			if err == nil {
				err = &Error{}
			}
			if err.Reason != tt.reason {
				t.Errorf("refused with %q, want %q", err.Reason, tt.reason)
			}
			if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
				t.Errorf("agreed on %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestDeflateProblem(t *testing.T) {
	for _, tt := range []struct {
		name    string
		deflate *Deflate
		want    string
	}{
		{"7.1/nil", nil, ""},
		{"7.1/zero_value", &Deflate{}, ""},
		{"7.1/level_least", &Deflate{Level: -2}, ""},
		{"7.1/level_most", &Deflate{Level: 9}, ""},
		{"7.1/level_too_low", &Deflate{Level: -3}, "Level is -3, not -2 to 9"},
		{"7.1/level_too_high", &Deflate{Level: 10}, "Level is 10, not -2 to 9"},
		{"7.1.2.1/7", &Deflate{ServerMaxWindowBits: 7}, "ServerMaxWindowBits is 7, not 8 to 15"},
		{"7.1.2.1/8", &Deflate{ServerMaxWindowBits: 8}, ""},
		{"7.1.2.1/15", &Deflate{ServerMaxWindowBits: 15}, ""},
		{"7.1.2.1/16", &Deflate{ServerMaxWindowBits: 16}, "ServerMaxWindowBits is 16, not 8 to 15"},
		{"7.1.2.1/negative", &Deflate{ServerMaxWindowBits: -1}, "ServerMaxWindowBits is -1, not 8 to 15"},
		{"7.1.2.2/7", &Deflate{ClientMaxWindowBits: 7}, "ClientMaxWindowBits is 7, not 8 to 15"},
		{"7.1.2.2/8", &Deflate{ClientMaxWindowBits: 8}, ""},
		{"7.1.2.2/16", &Deflate{ClientMaxWindowBits: 16}, "ClientMaxWindowBits is 16, not 8 to 15"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.deflate.problem(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// Client and server come to the same agreement for all parameters, and neither gets
// less than it insists on.
func TestDeflateBothHalves(t *testing.T) {
	bits := []int{0, 8, 9, 12, 15}
	var all []Deflate
	for i := range 4 {
		for _, server := range bits {
			for _, client := range bits {
				all = append(all, Deflate{
					ServerNoContextTakeover: i&1 != 0,
					ClientNoContextTakeover: i&2 != 0,
					ServerMaxWindowBits:     server,
					ClientMaxWindowBits:     client,
				})
			}
		}
	}
	for _, client := range all {
		for _, server := range all {
			client.Level, server.Level = 1, 9
			offers := []string{string(client.offer().append(nil))}
			response, accepted, ok := server.negotiate(offers)
			if !ok {
				t.Fatalf("%+v offers malformed %q", client, offers)
			}
			if !accepted {
				t.Errorf("%+v declines %q", server, offers)
				continue
			}
			s := *server.agreed(response)
			c, err := client.confirm([]string{string(response.append(nil))})
			if err != nil {
				t.Errorf("%+v and %+v: %v", client, server, err)
				continue
			}
			if c.Level != 1 || s.Level != 9 {
				t.Errorf("levels became %d and %d", c.Level, s.Level)
			}
			s.Level = c.Level
			if s != *c {
				t.Errorf("client agreed on %+v, server on %+v", *c, s)
			}
			for _, d := range []Deflate{client, server} {
				if d.ServerNoContextTakeover && !s.ServerNoContextTakeover ||
					d.ClientNoContextTakeover && !s.ClientNoContextTakeover ||
					limit(d.ServerMaxWindowBits) < s.ServerMaxWindowBits ||
					limit(d.ClientMaxWindowBits) < s.ClientMaxWindowBits {
					t.Errorf("%+v became %+v", d, s)
				}
			}
		}
	}
}
