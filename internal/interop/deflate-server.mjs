// Node's ws as a server that compresses: it prints the URL of one that agrees to what is offered, and of one that wants
// more, and sends back what it is sent.
import { once } from "node:events";
import { WebSocketServer } from "ws";

const bits = 10;
for (const perMessageDeflate of [
	{ threshold: 0 },
	{
		threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true,
		serverMaxWindowBits: bits, clientMaxWindowBits: bits,
	},
]) {
	const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate });
	server.on("connection", (ws) => ws.on("message", (data, binary) => ws.send(data, { binary })));
	await once(server, "listening");
	console.log(`ws://127.0.0.1:${server.address().port}/`);
}
