module resty.websocket

go 1.25.0
