module resty.websocket/internal/nettest

go 1.25.0

require resty.websocket v0.0.0

require golang.org/x/net v0.47.0

replace resty.websocket => ../..
