package http1

import (
	"net/url"
	"testing"
)

func TestAppendBasic(t *testing.T) {
	for _, tt := range []struct {
		name string
		user *url.Userinfo
		want string
	}{
		{"rfc7617/2", url.UserPassword("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
		{"rfc7617/2.1", url.UserPassword("test", "123\u00a3"), "Basic dGVzdDoxMjPCow=="},
		{"no_password", url.User("me"), "Basic bWU6"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(AppendBasic([]byte("X: "), tt.user)); got != "X: "+tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
