package wiretest

import (
	"errors"
	"net"
	"time"
)

// NoDeadlines is a connection whose deadlines cannot be set, such as a channel of SSH.
type NoDeadlines struct{ net.Conn }

var errNoDeadlines = errors.New("deadlines are not supported")

func (NoDeadlines) SetDeadline(time.Time) error      { return errNoDeadlines }
func (NoDeadlines) SetReadDeadline(time.Time) error  { return errNoDeadlines }
func (NoDeadlines) SetWriteDeadline(time.Time) error { return errNoDeadlines }
