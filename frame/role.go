package frame

// A Role is a side of the connection. A client masks every frame that it sends,
// and a server masks none (RFC 6455, Section 5.1). The zero value is Server, and
// so is any value other than Client.
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
