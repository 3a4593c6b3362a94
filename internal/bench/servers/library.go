package servers

import (
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"resty.websocket/internal/bench/load"
)

// maxMessage is the largest message, in bytes, that the servers accept.
const maxMessage = 1 << 20

// A Job says what a server has to do with the messages.
type Job struct {
	Broadcast bool          // send each message to every connection; otherwise to the one it came from
	Stalled   bool          // some connections of a broadcast stop reading
	Replies   int           // how often a message is sent, in a row; 0 means once
	Senders   int           // goroutines that share the replies to a message; 0: the one that received it sends them
	Pause     time.Duration // before the reply to every second message
	Deflate   load.Deflate  // compress at level 1 with windows of 32 KiB, or do not
	Profile   string        // path of the profiles to write, less their endings; none where empty

	members  atomic.Int64 // connections that a broadcast reaches
	received atomic.Int64 // messages that had a pause, or would have had one in their turn
}

// A Library is a server under test.
type Library struct {
	Name   string
	Module string // the module's path
	How    string // how its server is written, for the report
	UTF8   bool   // it validates text messages

	Deflates []load.Deflate // how it can compress; empty if it does not
	serve    func(ln net.Listener, job *Job) error
}

// Libraries are all servers, this library's first. Where one library can be served in several ways, each is an entry.
var Libraries = []Library{
	resty, restyEach, restyNew, restyStay, gorilla, gorillaTuned, coder, gobwas, gobwasLean, gws, gwsAsync,
}

// Find returns the library of that name.
func Find(name string) (lib Library, ok bool) {
	for _, lib := range Libraries {
		if lib.Name == name {
			return lib, true
		}
	}
	return Library{}, false
}

// serveHTTP is serve for the libraries whose connections come from net/http.
func serveHTTP(ln net.Listener, fn http.HandlerFunc) error {
	return http.Serve(ln, fn)
}
