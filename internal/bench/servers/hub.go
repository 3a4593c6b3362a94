package servers

import "sync"

// A hub holds the connections of a broadcast. Its zero value is not usable; see newHub.
type hub[C comparable] struct {
	job     *Job
	mu      sync.Mutex
	members map[C]struct{}
}

func newHub[C comparable](job *Job) *hub[C] {
	return &hub[C]{job: job, members: make(map[C]struct{})}
}

// join adds c; where the job has no broadcasts it does nothing, so that an echo server's memory is the library's own.
func (h *hub[C]) join(c C) {
	if !h.job.Broadcast {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.members[c] = struct{}{}
	h.job.members.Store(int64(len(h.members)))
}

func (h *hub[C]) leave(c C) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.members, c)
	h.job.members.Store(int64(len(h.members)))
}

// each calls send for every member, as often in a row as the job has replies. There is one broadcast at a time, so that a
// library whose connections allow one writer is used as it has to be.
func (h *hub[C]) each(send func(C)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.members {
		for range max(h.job.Replies, 1) {
			send(c)
		}
	}
}
