package http1

import (
	"encoding/base64"
	"net/url"
)

// AppendBasic appends the Basic credentials of user (RFC 7617, Section 2), as the
// value of an Authorization or Proxy-Authorization header field.
func AppendBasic(dst []byte, user *url.Userinfo) []byte {
	password, _ := user.Password()
	dst = append(dst, "Basic "...)
	return base64.StdEncoding.AppendEncode(dst, []byte(user.Username()+":"+password))
}
