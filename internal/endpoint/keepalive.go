package endpoint

import "net"

// SetKeepAlive applies cfg, unless it is zero, to nc, if there is TCP
// underneath.
func SetKeepAlive(nc net.Conn, cfg net.KeepAliveConfig) error {
	if cfg == (net.KeepAliveConfig{}) {
		return nil
	}
	if tcp, ok := socket(nc).(*net.TCPConn); ok {
		return tcp.SetKeepAliveConfig(cfg)
	}
	return nil
}

// socket returns what is underneath nc, which may be TLS, even more than once.
func socket(nc net.Conn) net.Conn {
	for {
		wrapped, ok := nc.(interface{ NetConn() net.Conn })
		if !ok {
			return nc
		}
		nc = wrapped.NetConn()
	}
}
