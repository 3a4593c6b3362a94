package servers

import (
	"sync"

	"golang.org/x/sync/errgroup"

	"resty.websocket/internal/bench/load"
	"resty.websocket/server"
)

// A Job is what a server has to do with the messages.
type Job struct {
	load.Spec
	Library
	members map[conn]struct{}
	mu      sync.Mutex   // held by a broadcast, because some libraries allow one writer a connection
	group   server.Group // has the connections of a library that says so
}

// loop answers what a connection receives, until it fails.
func (j *Job) loop(c receiver) {
	defer c.Close()
	j.join(c)
	defer j.leave(c)
	for {
		op, p, err := c.recv()
		if err == nil {
			err = j.answer(c, op, p)
		}
		if err != nil {
			return
		}
	}
}

// join makes c a member; if the job has no use for members it does nothing, so that an echo server's memory is the library's.
func (j *Job) join(c conn) {
	if j.Broadcasts() || j.Kind == load.Heartbeat {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.members[c] = struct{}{}
	}
}

func (j *Job) leave(c conn) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.members, c)
}

// answer sends a message to whom the job says, as often in a row as it says.
func (j *Job) answer(c conn, op byte, p []byte) error {
	switch {
	case j.Broadcasts():
		j.mu.Lock()
		defer j.mu.Unlock()
		j.broadcast(j, op, p)
		return nil
	case j.Replies == 0:
		return c.send(op, p)
	case j.Senders == 0:
		return repeat(c.send, op, p, j.Replies)
	default:
		return j.share(c, op, p)
	}
}

// share has several goroutines send the replies.
func (j *Job) share(c conn, op byte, p []byte) error {
	var mu sync.Mutex
	send := c.send
	if j.Locks {
		send = func(op byte, p []byte) error {
			mu.Lock()
			defer mu.Unlock()
			return c.send(op, p)
		}
	}
	var senders errgroup.Group
	for range j.Senders {
		senders.Go(func() error { return repeat(send, op, p, j.Replies/j.Senders) })
	}
	return senders.Wait()
}

// recipients are the members, each as often as the job says.
func (j *Job) recipients(yield func(conn) bool) {
	for c := range j.members {
		for range max(j.Replies, 1) {
			if !yield(c) {
				return
			}
		}
	}
}

func repeat(send func(byte, []byte) error, op byte, p []byte, n int) (err error) {
	for i := 0; i < n && err == nil; i++ {
		err = send(op, p)
	}
	return err
}

// sendEach is a broadcast by a loop.
func sendEach(j *Job, op byte, p []byte) {
	for c := range j.recipients {
		c.send(op, p)
	}
}
