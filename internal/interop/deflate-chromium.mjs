// Chromium against examples/echo -deflate, whose page is at the URL in the first argument. A browser always offers
// permessage-deflate; client_max_window_bits, and a page cannot tell it otherwise.
import assert from "node:assert/strict";
import { launch } from "./browser.mjs";
import { message } from "./messages.mjs";

const browser = await launch();
const page = await browser.newPage();
page.setDefaultTimeout(60_000);
await page.goto(process.argv[2]);

// What is on the wire is for DevTools to see, and not for the page.
const devtools = await page.context().newCDPSession(page);
await devtools.send("Network.enable");
const headers = { request: [], response: [] };
devtools.on("Network.webSocketWillSendHandshakeRequest", ({ request }) => headers.request.push(request.headers));
devtools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => headers.response.push(response.headers));

// exchange runs in the page: it sends so many messages, some at a time, compares what comes back, and returns how it
// ended.
function exchange(message, count) {
	return new Promise((resolve) => {
		const socket = new WebSocket("/s");
		const bytes = (data) => (typeof data === "string" ? data : String(new Uint8Array(data)));
		const due = [];
		let sent = 0;
		const some = () => {
			while (sent < count && due.length < 20) {
				due.push(message(sent++));
				socket.send(due.at(-1));
			}
		};
		socket.binaryType = "arraybuffer";
		socket.onopen = some;
		socket.onmessage = ({ data }) => {
			const want = due.shift();
			if (typeof data !== typeof want || bytes(data) !== bytes(want)) {
				resolve(`message ${sent - due.length} of ${want.length} came back with other bytes`);
			} else if (sent === count && due.length === 0) {
				socket.close(4001, "done");
			} else if (due.length === 0) {
				some();
			}
		};
		socket.onclose = ({ code }) => resolve([socket.extensions, code, sent - due.length]);
	});
}

const got = await page.evaluate(`(${exchange})(${message}, 2000)`);
assert.deepEqual(got, ["permessage-deflate", 4001, 2000]);
const extensions = (all) => all.map((header) => header["Sec-WebSocket-Extensions"] ?? header["sec-websocket-extensions"]);
assert.deepEqual(extensions(headers.request), ["permessage-deflate; client_max_window_bits"]);
assert.deepEqual(extensions(headers.response), ["permessage-deflate"]);
await browser.close();
