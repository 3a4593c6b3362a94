//go:build darwin || freebsd || netbsd || openbsd

package socket

import (
	"os"
	"syscall"
)

const (
	// trustShort is false: these systems do not tell of urgent data, at which a read
	// ends.
	trustShort = false

	// msgMore is nothing that these systems know.
	msgMore = 0
)

// A queue is a kqueue descriptor. It cannot be made non-blocking, which Go's poller asks
// for, so that a thread waits for it.
type queue struct {
	fd     int
	events [batchLen]syscall.Kevent_t
	told   [batchLen]event
}

func newQueue() (*queue, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := syscall.Kqueue()
	if err != nil {
		return nil, os.NewSyscallError("kqueue", err)
	}
	syscall.CloseOnExec(fd)
	return &queue{fd: fd}, nil
}

// add registers a socket once for all. An event is told of when it happens, and not
// again.
func (q *queue) add(fd int) error { return q.change(fd, syscall.EV_ADD|syscall.EV_CLEAR) }

func (q *queue) remove(fd int) { q.change(fd, syscall.EV_DELETE) }

func (q *queue) change(fd, flags int) error {
	var changes [2]syscall.Kevent_t
	syscall.SetKevent(&changes[0], fd, syscall.EVFILT_READ, flags)
	syscall.SetKevent(&changes[1], fd, syscall.EVFILT_WRITE, flags)
	return q.submit(changes[:])
}

// submit makes changes. If a signal interrupts it, they are made.
func (q *queue) submit(changes []syscall.Kevent_t) error {
	_, err := syscall.Kevent(q.fd, changes, nil, nil)
	if err == syscall.EINTR {
		err = nil
	}
	return os.NewSyscallError("kevent", err)
}

// stop has wait return, by a timer that expires at once.
func (q *queue) stop() {
	var timer [1]syscall.Kevent_t
	syscall.SetKevent(&timer[0], 0, syscall.EVFILT_TIMER, syscall.EV_ADD|syscall.EV_ONESHOT)
	timer[0].Data = 1 // ms
	q.submit(timer[:])
}

func (q *queue) resume() {}

// wait waits for events and hands them over.
func (q *queue) wait(deliver func([]event)) {
	n, err := syscall.Kevent(q.fd, nil, q.events[:], nil)
	if err != nil && err != syscall.EINTR {
		panic("socket: kevent: " + err.Error())
	}
	told := q.told[:0]
	for i := range max(n, 0) {
		ev := &q.events[i]
		if ev.Filter == syscall.EVFILT_TIMER {
			continue
		}
		read := ev.Filter == syscall.EVFILT_READ
		told = append(told, event{
			fd:       int(ev.Ident),
			readable: read,
			doubtful: read,
			writable: !read,
		})
	}
	deliver(told)
}
