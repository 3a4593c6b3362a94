// Package servers has one echo server for each library under test, each written the way that library's own
// documentation calls fastest, and the control line through which a server process reports what it used.
//
// Every server reads whole messages, validates text if its library does that, and answers with the same opcode and bytes.
// Payload buffers are reused over messages if the library lets the caller bring one. All take messages of up to 1 MiB, and
// none sets deadlines. Those that compress do so at level 1, each with the compressor that it comes with.
package servers

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"regexp"
)

// maxMessage is the largest message, in bytes, that the servers accept.
const maxMessage = 1 << 20

// A Library is a server under test.
type Library struct {
	Name      string
	Module    string // the module's path
	Validates string // whether it validates text messages: yes or cannot
	How       string // how its server is written, for the report
	Locks     bool   // the senders of one connection share a mutex
	Group     bool   // its connections are in the job's Group

	Run, Skip *regexp.Regexp // the cases that it has, all if nil, and those of them that it does not have, none if nil

	program
}

// Has reports whether the case of that name says something about the library.
func (lib *Library) Has(name string) bool {
	return (lib.Run == nil || lib.Run.MatchString(name)) && (lib.Skip == nil || !lib.Skip.MatchString(name))
}

//go:embed libraries.json
var librariesText []byte

// Libraries are all servers, this library's first. A library that can be served in several ways has an entry for each.
var Libraries = func() (all []Library) {
	if err := json.Unmarshal(librariesText, &all); err != nil {
		panic(err)
	}
	for i := range all {
		all[i].program = programs[all[i].Name]
	}
	return all
}()

// A program is the code of a server. If it has no handler, serve does without net/http.
type program struct {
	handler   func(*Job) http.Handler
	serve     func(ln net.Listener, job *Job) error
	broadcast func(j *Job, op byte, p []byte)
}

// programs are those of the libraries, by name.
var programs = map[string]program{
	"resty":          {handler: restyFrames, broadcast: restyOffer},
	"resty-each":     {handler: restyFrames, broadcast: sendEach},
	"resty-group":    {handler: restyFrames, broadcast: restyGroup},
	"resty-loop":     {handler: restyLoop},
	"resty-pings":    {handler: restyPings},
	"resty-new":      {handler: restyNew},
	"resty-sessions": {handler: restySessions, broadcast: restyOffer},
	"gorilla":        {handler: gorilla, broadcast: gorillaPrepared},
	"gorilla-tuned":  {handler: gorillaTuned, broadcast: gorillaPrepared},
	"coder":          {handler: coder, broadcast: sendEach},
	"gobwas":         {serve: gobwas, broadcast: gobwasCompiled},
	"gws":            {handler: gws, broadcast: gwsBroadcaster},
	"quickws":        {handler: quickws, broadcast: sendEach},
	"nbio":           {serve: nbio, broadcast: sendEach},
}

// A conn is a connection with one of the libraries.
type conn interface {
	send(op byte, p []byte) error // a whole message
	Close() error
}

// A receiver is a conn whose messages are received in a loop. The payload is only valid until the next recv.
type receiver interface {
	conn
	recv() (op byte, p []byte, err error)
}

// readAll reads a message into a buffer that is used again.
func readAll[Op ~int](buf *bytes.Buffer, op Op, r io.Reader, err error) (byte, []byte, error) {
	if err == nil {
		buf.Reset()
		_, err = buf.ReadFrom(r)
	}
	return byte(op), buf.Bytes(), err
}
