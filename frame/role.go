package frame

// A Role is one's own side of the connection. It decides who masks: a client
// masks every frame that it sends, a server none (RFC 6455, Section 5.1). The
// zero value is Server.
type Role uint8

const (
	Server Role = iota // receives masked frames and sends unmasked ones
	Client             // receives unmasked frames and sends masked ones
)

// String returns "server" or "client".
func (r Role) String() string {
	if r == Client {
		return "client"
	}
	return "server"
}
