// Package interop tests the library against WebSocket implementations that it
// did not grow up with: it runs examples/echo as the process that a user runs,
// and lets foreign clients talk to it, and has package client talk to foreign
// servers.
//
// Each client is one short script, which holds what it expects: chromium.mjs
// drives the example's own page in a browser, ws.mjs is Node's ws, and
// client.py is Python's websockets (a file of that name would hide the
// package). A script gets the URL of the page and exits with a status other
// than zero at the first mismatch. When all else is done it prints "waiting"
// and keeps a connection open, on which it is to answer a ping and then to be
// told goodbye with 1001.
//
// The scripts named deflate exchange thousands of messages with compression on,
// for all that can be agreed on: clients with examples/echo -deflate, servers with
// package client.
//
// The servers are server.mjs, which is Node's ws again, and server.py, Python's
// websockets; nginx, which stands in front of examples/echo, in the open and
// behind TLS; tinyproxy, which connects to it; and Chromium, whose DevTools have
// the example's page to show.
//
// All that needs Debian's packages chromium, python3-websockets, nginx-light and
// tinyproxy, and npm install in this folder. Where one is absent its tests are
// skipped; if the environment has INTEROP=1, they fail.
package interop
