package endpoint

import "net"

// SetSocketOptions sets TCP keepalive, unless it is zero, and the size of the send
// buffer in bytes, unless that is zero, as far as the socket underneath nc has them.
func SetSocketOptions(nc net.Conn, keepAlive net.KeepAliveConfig, writeBuffer int) error {
	if err := setKeepAlive(nc, keepAlive); err != nil {
		return err
	}
	return setWriteBuffer(nc, writeBuffer)
}

func setKeepAlive(nc net.Conn, cfg net.KeepAliveConfig) error {
	if cfg == (net.KeepAliveConfig{}) {
		return nil
	}
	if tcp, ok := beneath(nc).(*net.TCPConn); ok {
		return tcp.SetKeepAliveConfig(cfg)
	}
	return nil
}

func setWriteBuffer(nc net.Conn, n int) error {
	if n == 0 {
		return nil
	}
	if s, ok := beneath(nc).(interface{ SetWriteBuffer(int) error }); ok {
		return s.SetWriteBuffer(n)
	}
	return nil
}

// beneath returns what is underneath nc, which may be TLS, even more than once.
func beneath(nc net.Conn) net.Conn {
	for {
		wrapped, ok := nc.(interface{ NetConn() net.Conn })
		if !ok {
			return nc
		}
		nc = wrapped.NetConn()
	}
}
