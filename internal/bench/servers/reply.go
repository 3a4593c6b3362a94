package servers

import (
	"errors"
	"sync"
	"time"
)

// echoes reports whether each message has one reply, at once.
func (j *Job) echoes() bool { return j.Replies == 0 && j.Pause == 0 }

// reply calls send for each reply to a message, from as many goroutines as the job has senders, and returns when all
// have ended. If the job has a pause, its messages come from one connection.
func (j *Job) reply(send func() error) error {
	if j.Pause > 0 && j.received.Add(1)%2 == 0 {
		time.Sleep(j.Pause)
	}
	if j.Senders == 0 {
		return repeat(max(j.Replies, 1), send)
	}
	var senders sync.WaitGroup
	errs := make([]error, j.Senders)
	for i := range errs {
		senders.Go(func() { errs[i] = repeat(j.Replies/j.Senders, send) })
	}
	senders.Wait()
	return errors.Join(errs...)
}

// repeat calls send n times or until it fails.
func repeat(n int, send func() error) error {
	for range n {
		if err := send(); err != nil {
			return err
		}
	}
	return nil
}
