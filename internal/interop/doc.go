// Package interop tests the library against WebSocket implementations that it
// did not grow up with: it runs examples/echo as the process that a user runs,
// and lets foreign clients talk to it.
//
// Each client is one short script, which holds what it expects: chromium.mjs
// drives the example's own page in a browser, ws.mjs is Node's ws, and
// client.py is Python's websockets (a file of that name would hide the
// package). A script gets the URL of the page and exits with a status other
// than zero at the first mismatch. When all else is done it prints "waiting"
// and keeps a connection open, on which it is to answer a ping and then to be
// told goodbye with 1001.
//
// The scripts need Debian's packages chromium and python3-websockets, and npm
// install in this folder. Where one is absent the test of its client is
// skipped; if the environment has INTEROP=1, it fails.
package interop
