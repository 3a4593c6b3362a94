package client

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"resty.websocket/handshake"
)

// Calls of Get that wait have their turns in the order in which they came.
func TestPoolMaxOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1, MaxWaiting: 2}
		c := u.used(p)
		order := make(chan int, 2)
		got := make(chan *Conn)
		for i := range 2 {
			go func() {
				c := u.used(p)
				order <- i
				got <- c
			}()
			synctest.Wait()
		}
		if _, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts); err != ErrTooManyWaiting {
			t.Errorf("third call of Get: %v", err)
		}
		first := c.conn()
		put(t, p, c)
		again := <-got
		if again.conn() != first || <-order != 0 {
			t.Error("the second was served first, or with another connection")
		}
		again.CloseNow()
		if p.Put(again) == nil {
			t.Error("kept a connection that is over")
		}
		other := <-got
		if other.conn() == first || <-order != 1 || len(u.conns) != 2 {
			t.Errorf("%d connections were made", len(u.conns))
		}
		put(t, p, other)
		p.Close()
	})
}

// With a negative MaxWaiting no call of Get waits.
func TestPoolMaxWaitingNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1, MaxWaiting: -1}
		c := u.used(p)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts); err != ErrTooManyWaiting {
			t.Errorf("Get at MaxOpen: %v", err)
		}
		put(t, p, c)
		put(t, p, u.used(p)) // a connection that is idle needs no wait
		p.Close()
	})
}

// Other kinds do not wait for one another.
func TestPoolKindsAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		a := u.used(p)
		put(t, p, a)
		b, _, err := p.Get(t.Context(), "ws://127.0.0.1/other", &u.opts)
		if err != nil || a == b {
			t.Fatalf("%v, %v", b, err)
		}
		put(t, p, b)
		p.Close()
		if len(p.kinds) != 0 {
			t.Errorf("%d kinds are left", len(p.kinds))
		}
	})
}

// A call of Get that fails passes its turn on.
func TestPoolTurnIsPassedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u, p := newUpstream(t), &Pool{MaxOpen: 1}
		c := u.used(p)

		ctx, cancel := context.WithCancelCause(t.Context())
		gaveUp := make(chan error)
		go func() {
			_, _, err := p.Get(ctx, "ws://127.0.0.1/", &u.opts)
			gaveUp <- err
		}()
		synctest.Wait()
		cause := errors.New("enough")
		cancel(cause)
		if err := <-gaveUp; err != cause {
			t.Errorf("%v, want the context's cause", err)
		}

		failed := make(chan error)
		go func() {
			_, _, err := p.Get(t.Context(), "ws://127.0.0.1/", &u.opts)
			failed <- err
		}()
		synctest.Wait()
		u.fails = errors.New("unreachable")
		c.CloseNow()
		p.Put(c)
		if err := <-failed; !errors.Is(err, u.fails) {
			t.Errorf("%v, want the dialler's error", err)
		}
		u.fails = nil
		put(t, p, u.used(p)) // the place is free again
		p.Close()
	})
}

// A turn and the end of the context may come at the same time.
func TestPoolTurnAtTheLastMoment(t *testing.T) {
	p := new(Pool)
	k := p.kind(kindKey{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 { // either of the two may be noticed first
		turn := make(chan *idleConn, 1)
		r := new(idleConn)
		turn <- r // and k.waiting does not have it
		if got, err := p.await(ctx, k, turn); got != r || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// Parameters that make a connection differ make another kind; others do not.
func TestKindOf(t *testing.T) {
	cfg := new(tls.Config)
	base := func() *Options {
		return &Options{Protocols: []string{"a", "b"}, Header: http.Header{"X": {"1"}, "Y": {"2"}}, TLSConfig: cfg}
	}
	for _, tt := range []struct {
		name, url string
		change    func(o *Options)
		same      bool
	}{
		{"same_values", "", func(o *Options) {}, true},
		{"timeout", "", func(o *Options) { o.Timeout = 1 }, true},
		{"url", "x", func(o *Options) {}, false},
		{"subprotocols", "", func(o *Options) { o.Protocols = []string{"b", "a"} }, false},
		{"subprotocols_joined", "", func(o *Options) { o.Protocols = []string{"a,b"} }, false},
		{"header", "", func(o *Options) { o.Header.Set("X", "2") }, false},
		{"origin", "", func(o *Options) { o.Origin = "x" }, false},
		{"host", "", func(o *Options) { o.Host = "x" }, false},
		{"key", "", func(o *Options) { o.Key = "x" }, false},
		{"tls", "", func(o *Options) { o.TLSConfig = cfg.Clone() }, false},
		{"limit", "", func(o *Options) { o.MaxRecvLen = 1 }, false},
		{"no_delay", "", func(o *Options) { o.NoDelay = true }, false},
		{"write_buffer", "", func(o *Options) { o.WriteBuffer = 1 << 16 }, false},
		{"keepalive", "", func(o *Options) { o.KeepAlive.Enable = true }, false},
		{"deflate", "", func(o *Options) { o.Deflate = new(handshake.Deflate) }, false},
		{"unmasked", "", func(o *Options) { o.SendUnmasked = true }, false},
		{"dial", "", func(o *Options) { o.Dial = new(net.Dialer).DialContext }, false},
		{"proxy", "", func(o *Options) { o.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil } }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := base()
			tt.change(changed)
			if same := kindOf("", base()) == kindOf(tt.url, changed); same != tt.same {
				t.Errorf("same: %t", same)
			}
		})
	}
	o, other := base(), base()
	o.Deflate, other.Deflate = &handshake.Deflate{Level: 2}, &handshake.Deflate{Level: 2}
	if kindOf("", o) != kindOf("", other) {
		t.Error("the same parameters of compression are not the same")
	}
	o.Dial = new(net.Dialer).DialContext
	if before, after := kindOf("", o), kindOf("", o); before != after {
		t.Error("the same Options with a function are not the same")
	}
}

// Each field of Options but Timeout makes a difference to the kind, one that is added to
// Options later included.
func TestKindOfEachField(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Options]()) {
		o := new(Options)
		set(t, reflect.ValueOf(o).Elem().FieldByIndex(field.Index))
		if same := kindOf("", new(Options)) == kindOf("", o); same != (field.Name == "Timeout") {
			t.Errorf("%s: same: %t", field.Name, same)
		}
	}
}

// set gives v a value that is not zero.
func set(t *testing.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.String:
		v.SetString("x")
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("X"), reflect.ValueOf([]string{"x"}))
	case reflect.Struct:
		set(t, v.Field(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
	case reflect.Func:
		v.Set(reflect.MakeFunc(v.Type(), func([]reflect.Value) []reflect.Value { return nil }))
	default:
		t.Fatalf("a field is a %v", v.Kind())
	}
}
