// Node's ws against examples/echo, whose page is at the URL in the first argument.
import assert from "node:assert/strict";
import { once } from "node:events";
import WebSocket from "ws";

const url = process.argv[2].replace(/^http/, "ws");
const sessions = process.argv.includes("-sessions"); // a Close frame is answered without its reason

async function connect(path = "s") {
	const ws = new WebSocket(url + path, ["chat", "echo"]);
	await once(ws, "open");
	assert.equal(ws.protocol, "echo");
	return ws;
}

async function echoes(ws, payload) {
	const binary = typeof payload !== "string";
	ws.send(payload);
	const [data, isBinary] = await once(ws, "message");
	assert.equal(isBinary, binary);
	assert.deepEqual(binary ? data : data.toString(), payload);
}

async function closes(ws, code, reason) {
	const [gotCode, gotReason] = await once(ws, "close");
	assert.deepEqual([gotCode, gotReason.toString()], [code, reason]);
}

let ws = await connect();
for (const size of [0, 1, 125, 126, 65535]) {
	await echoes(ws, "x".repeat(size));
	await echoes(ws, Buffer.alloc(size, 0xff));
}
await echoes(ws, "Grüße, 世界 🙂");

// A ping is answered with its payload, also between the fragments of a message.
const order = [];
ws.on("pong", (data) => order.push("pong " + data));
ws.on("message", (data) => order.push("message " + data));
ws.send("Hel", { fin: false });
ws.ping("in between");
ws.send("lo", { fin: true });
await once(ws, "message");
assert.deepEqual(order, ["pong in between", "message Hello"]);

ws.close(4001, "auf Wiedersehen, tschüß");
await closes(ws, 4001, sessions ? "" : "auf Wiedersehen, tschüß");

ws = await connect("s/");
ws.close(); // without a code, which ws calls 1005
await closes(ws, 1005, "");

// What the peer may not do is told with the code for it.
for (const [payload, options, code] of [
	["x".repeat(65536), {}, 1009],
	[Buffer.alloc(1 << 20), {}, 1009],
	[Buffer.from([0xff]), { binary: false }, 1007],
	["unmasked", { mask: false }, 1002],
]) {
	ws = await connect();
	ws.send(payload, options);
	const [got] = await once(ws, "close");
	assert.equal(got, code);
}

// A page of another origin is refused.
ws = new WebSocket(url + "s", { origin: "http://elsewhere.example" });
ws.on("error", () => {}); // ws tells the refusal once more, as an error
const [, response] = await once(ws, "unexpected-response", { signal: AbortSignal.timeout(60_000) });
assert.equal(response.statusCode, 403);

ws = await connect();
await once(ws, "ping"); // after the server's idle timeout
console.log("waiting");
await closes(ws, 1001, "");
