//go:build race

package endpoint

import "testing"

// TestLockIsAsserted calls methods with the lock and without, which is found out.
func TestLockIsAsserted(t *testing.T) {
	for _, test := range []struct {
		name string
		lock func(c *Conn) *lock
		call func(c *Conn)
	}{
		{"receiver.begin", recvLock, func(c *Conn) { c.recv.begin() }},
		{"receiver.untouched", recvLock, func(c *Conn) { c.recv.untouched() }},
		{"receiver.frameLen", recvLock, func(c *Conn) { c.recv.frameLen() }},
		{"receiver.drop", recvLock, func(c *Conn) { c.recv.drop() }},
		{"sender.turn", sendLock, func(c *Conn) { c.send.turn(never) }},
		{"sender.reusable", sendLock, func(c *Conn) { c.send.reusable() }},
		{"sender.drop", sendLock, func(c *Conn) { c.send.drop() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := newPair(t, Config{})
			func() {
				defer func() {
					if recover() == nil {
						t.Error("no panic without the lock")
					}
				}()
				test.call(c)
			}()
			test.lock(c).Lock()
			test.call(c)
			test.lock(c).Unlock()
		})
	}
}

func recvLock(c *Conn) *lock { return &c.recv.mu }
func sendLock(c *Conn) *lock { return &c.send.mu }
