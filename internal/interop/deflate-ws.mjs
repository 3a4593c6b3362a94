// Node's ws against examples/echo -deflate, whose page is at the URL in the first argument: all that can be agreed on.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";
import { message } from "./messages.mjs";

const url = process.argv[2].replace(/^http/, "ws") + "s";

// exchange sends so many messages, some at a time, and compares what comes back. It returns their bytes.
async function exchange(ws, count) {
	const due = [];
	let bytes = 0, caughtUp;
	ws.on("message", (data, isBinary) => {
		const want = due.shift();
		assert.equal(isBinary, typeof want !== "string");
		assert.ok(data.equals(Buffer.from(want)), `${want.length} came back as ${data.length} bytes, or others`);
		bytes += data.length;
		if (due.length === 0) {
			caughtUp();
		}
	});
	for (let i = 0; i < count; i++) {
		due.push(message(i));
		ws.send(due.at(-1));
		if (due.length === 20 || i === count - 1) {
			await new Promise((resolve) => { caughtUp = resolve; });
		}
	}
	return bytes;
}

async function talk(options, agreed, count) {
	const ws = new WebSocket(url, { perMessageDeflate: { threshold: 0, ...options } });
	ws.on("upgrade", ({ headers }) => assert.equal(headers["sec-websocket-extensions"], agreed));
	await once(ws, "open");
	const bytes = await exchange(ws, count);
	const { bytesRead, bytesWritten } = ws._socket;
	for (const n of [bytesRead, bytesWritten]) {
		assert.ok(n < 0.75 * bytes, `${n} bytes on the wire for ${bytes}`); // of which less than half are random
	}
	ws.close(1000);
	await once(ws, "close");
}

for (const serverNoContextTakeover of [false, true]) {
	for (const clientNoContextTakeover of [false, true]) {
		const agreed = "permessage-deflate" +
			(serverNoContextTakeover ? "; server_no_context_takeover" : "") +
			(clientNoContextTakeover ? "; client_no_context_takeover" : "");
		await talk({ serverNoContextTakeover, clientNoContextTakeover }, agreed, 300);
	}
}
for (let bits = 9; bits <= 15; bits++) {
	const server = `permessage-deflate; server_max_window_bits=${bits}`;
	const client = bits < 15 ? `; client_max_window_bits=${bits}` : "";
	await talk({ serverMaxWindowBits: bits, clientMaxWindowBits: bits }, server + client, 300);
	await talk({ serverMaxWindowBits: bits, serverNoContextTakeover: true, clientNoContextTakeover: true },
		server.replace(";", "; server_no_context_takeover; client_no_context_takeover;"), 200);
}
