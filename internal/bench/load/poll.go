package load

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// stall is how long no byte may move before a run is given up.
const stall = 20 * time.Second

// A poller is a level-triggered epoll set. Each socket carries an index of the caller's.
type poller struct {
	fd     int
	events [512]unix.EpollEvent
}

func newPoller() (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	return &poller{fd: fd}, err
}

// add watches a socket for what arrives.
func (p *poller) add(fd, index int) error {
	return unix.EpollCtl(p.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(index)})
}

// writable says whether a socket is also watched for room to write.
func (p *poller) writable(fd, index int, on bool) error {
	ev := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(index)}
	if on {
		ev.Events |= unix.EPOLLOUT
	}
	return unix.EpollCtl(p.fd, unix.EPOLL_CTL_MOD, fd, &ev)
}

// remove no longer watches a socket.
func (p *poller) remove(fd int) error {
	return unix.EpollCtl(p.fd, unix.EPOLL_CTL_DEL, fd, nil)
}

// wait returns at least one event. They are only valid until the next call.
func (p *poller) wait() ([]unix.EpollEvent, error) {
	for {
		n, err := unix.EpollWait(p.fd, p.events[:], int(stall/time.Millisecond))
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return nil, err
		case n == 0:
			return nil, errors.New("load: nothing arrived for " + stall.String())
		default:
			return p.events[:n], nil
		}
	}
}
