// Package interop tests the library against other WebSocket implementations.
// Foreign clients talk to examples/echo, which the tests run as a user does, and
// package client talks to foreign servers.
//
// The tests are skipped unless the environment has INTEROP=1. They then fail if
// anything that they need is absent: Debian's packages chromium, python3-websockets,
// nginx-light, haproxy and tinyproxy, and the result of npm install in this folder.
//
// Each client is one short script, which holds what it expects: chromium.mjs
// drives the example's own page in a browser, ws.mjs is Node's ws, and
// client.py is Python's websockets (a file of that name would hide the
// package). A script gets the URL of the page and exits with a status other
// than zero at the first mismatch. When all else is done it prints "waiting"
// and keeps a connection open. On that it must answer a ping, and is then told
// goodbye with 1001.
//
// The script chat.mjs uses the page of examples/chat in three tabs, on two nodes.
//
// The scripts named deflate exchange thousands of messages with compression on,
// for all that can be agreed on: clients with examples/echo -deflate, servers with
// package client. With handshake.Deflate{} on this side this is agreed on:
//
//	it offers, or asks for                                   agreed on
//	Chromium:
//	  permessage-deflate; client_max_window_bits             permessage-deflate
//	Node's ws and Python's websockets, as clients:
//	  client_max_window_bits, takeover and windows as set    what it asks for
//	Node's ws and Python's websockets, as servers:
//	  takeover and windows as set                            what it asks for
//
// The windows have 9 to 15 bits. A client may ask for a window of 8 as well, which is
// Huffman coding alone. A server declines an offer whose parameters are unknown, repeated
// or out of range, and takes the next one, or none. A client fails the handshake then.
//
// The servers are server.mjs, which is Node's ws again, and server.py, Python's
// websockets; nginx, which stands in front of examples/echo, in the open and
// behind TLS; tinyproxy, which connects to it; and Chromium, whose DevTools have
// the example's page to show.
//
// The configurations of nginx and HAProxy in examples/recipes/deploy are tried with that
// example behind them.
package interop
