package socket

import (
	"errors"
	"os"
	"syscall"
	"time"
)

const (
	// trustShort says that a short read of a TCP socket has emptied it if no event has
	// told of an end, an error or urgent data.
	trustShort = true

	// msgMore has the kernel wait for more before it sends less than a packet.
	msgMore = syscall.MSG_MORE

	// epollET is syscall.EPOLLET, which is negative.
	epollET = 1 << 31

	interest = syscall.EPOLLIN | syscall.EPOLLOUT | syscall.EPOLLRDHUP | syscall.EPOLLPRI | epollET

	// A Conn in which one of these was seen is read until there is nothing. An end or an
	// error behind the data shows only then, and a read ends at urgent data.
	endEvents = syscall.EPOLLRDHUP | syscall.EPOLLHUP | syscall.EPOLLERR | syscall.EPOLLPRI
)

// A queue is an epoll descriptor. It is itself waited for by Go's poller: a thread that
// waited in EpollWait would cost more per event.
type queue struct {
	fd     int
	file   *os.File // owns fd
	raw    syscall.RawConn
	events [batchLen]syscall.EpollEvent
	told   [batchLen]event
}

func newQueue() (*queue, error) {
	fd, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := syscall.SetNonblock(fd, true); err != nil { // for Go's poller to take it
		syscall.Close(fd)
		return nil, os.NewSyscallError("fcntl", err)
	}
	q := &queue{fd: fd, file: os.NewFile(uintptr(fd), "epoll")}
	if q.file.SetReadDeadline(time.Time{}) != nil {
		q.file.Close()
		return nil, errors.ErrUnsupported
	}
	q.raw, err = q.file.SyscallConn()
	return q, err
}

// add registers a socket once for all. An event is told of when it happens, and not
// again.
func (q *queue) add(fd int) error {
	ev := syscall.EpollEvent{Events: interest, Fd: int32(fd)}
	return os.NewSyscallError("epoll_ctl", syscall.EpollCtl(q.fd, syscall.EPOLL_CTL_ADD, fd, &ev))
}

func (q *queue) remove(fd int) {
	syscall.EpollCtl(q.fd, syscall.EPOLL_CTL_DEL, fd, new(syscall.EpollEvent))
}

// stop has wait return, now and at once until resume is called.
func (q *queue) stop()   { q.file.SetReadDeadline(time.Unix(1, 0)) }
func (q *queue) resume() { q.file.SetReadDeadline(time.Time{}) }

// wait hands events over until stop is called.
func (q *queue) wait(deliver func([]event)) {
	err := q.raw.Read(func(uintptr) (done bool) {
		for q.take(deliver) == batchLen {
		}
		return false
	})
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		panic("socket: waiting for an epoll descriptor: " + err.Error())
	}
}

// take hands over the events there are, and returns how many they were.
func (q *queue) take(deliver func([]event)) int {
	n, err := syscall.EpollWait(q.fd, q.events[:], 0)
	for err == syscall.EINTR {
		n, err = syscall.EpollWait(q.fd, q.events[:], 0)
	}
	if err != nil {
		panic("socket: epoll_wait: " + err.Error())
	}
	for i, ev := range q.events[:n] {
		doubtful := ev.Events&endEvents != 0
		q.told[i] = event{
			fd:       int(ev.Fd),
			readable: doubtful || ev.Events&syscall.EPOLLIN != 0,
			doubtful: doubtful,
			writable: ev.Events&(syscall.EPOLLOUT|syscall.EPOLLHUP|syscall.EPOLLERR) != 0,
		}
	}
	deliver(q.told[:n])
	return n
}
