package client

import (
	"net"
	"syscall"
	"testing"
	"time"

	"resty.websocket/internal/wiretest"
)

func TestConnectKeepAlive(t *testing.T) {
	wiretest.NoLeaks(t)
	addr := listenTCP(t, accepting(t, func(net.Conn) {}))
	c := connect(t, "ws://"+addr, &Options{
		KeepAlive: net.KeepAliveConfig{Enable: true, Idle: 7 * time.Second, Interval: 3 * time.Second, Count: 5},
	})
	raw, err := c.NetConn().(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var got [3]int
	err = raw.Control(func(fd uintptr) {
		for i, option := range []int{syscall.TCP_KEEPIDLE, syscall.TCP_KEEPINTVL, syscall.TCP_KEEPCNT} {
			got[i], _ = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, option)
		}
	})
	if want := [3]int{7, 3, 5}; got != want || err != nil {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}
