module resty.websocket/internal/differential

go 1.26

replace resty.websocket => ../..

require (
	github.com/gobwas/ws v1.5.0
	github.com/gorilla/websocket v1.5.3
	resty.websocket v0.0.0-00010101000000-000000000000
)

require github.com/gobwas/httphead v0.1.0 // indirect
