// Node's ws as a server: it prints its URL, sends back what it is told, and closes as it is told by "close CODE REASON".
import assert from "node:assert/strict";
import { WebSocketServer } from "ws";

const server = new WebSocketServer({
	host: "127.0.0.1",
	port: 0,
	perMessageDeflate: { threshold: 100 }, // where it is offered
	handleProtocols: (offered) => (offered.has("echo") ? "echo" : false),
});
server.on("listening", () => console.log(`ws://127.0.0.1:${server.address().port}/`));
server.on("connection", (ws, request) => {
	assert.equal(request.headers.origin, "http://example.com");
	ws.on("message", (data, isBinary) => {
		const [command, code, ...reason] = isBinary ? [] : data.toString().split(" ");
		if (command === "close") {
			ws.close(Number(code), reason.join(" "));
		} else if (command === "ping") {
			ws.once("pong", (payload) => ws.send("pong " + payload));
			ws.ping(code);
		} else {
			ws.send(data, { binary: isBinary });
		}
	});
	ws.on("close", (code, reason) => console.log(`closed ${code} ${reason}`));
});
