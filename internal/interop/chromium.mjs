// Chromium against examples/echo: its page at the URL in the first argument, used as a person would, and the browser's
// WebSocket for what the page does not send.
import assert from "node:assert/strict";
import { launch } from "./browser.mjs";

const browser = await launch();
const page = await browser.newPage(); // of a new, empty profile
page.setDefaultTimeout(60_000);
page.on("pageerror", (error) => { throw error; });
const sessions = process.argv.includes("-sessions"); // a Close frame is answered without its reason
const goodbye = sessions ? "closed 1000" : "closed 1000 goodbye";
await page.goto(process.argv[2]);

const press = (name) => page.getByRole("button", { name, exact: true }).click();
const text = page.getByLabel("Message");
const lines = page.getByRole("log").getByRole("listitem");

// logged waits until the log has as many lines as want, and compares what they say after the time of day.
async function logged(...want) {
	await lines.nth(want.length - 1).waitFor();
	const got = await lines.evaluateAll((all) => all.map((line) => line.innerText.split("\n").slice(1).join(" ")));
	assert.deepEqual(got, want);
}

await press("Connect");
await text.fill("hello");
await press("Send");
const first = ["connected subprotocol echo", "sent hello", "received hello"];
await logged(...first);
await press("Disconnect");
await logged(...first, goodbye);

// The same without a mouse.
await page.reload();
await page.keyboard.press("Tab");
await page.keyboard.press("Enter");
await logged("connected subprotocol echo");
await page.keyboard.type("Grüße, 世界 🙂");
await page.keyboard.press("Enter");
await logged("connected subprotocol echo", "sent Grüße, 世界 🙂", "received Grüße, 世界 🙂");
await page.keyboard.press("Shift+Tab");
await page.keyboard.press("Enter");
await logged("connected subprotocol echo", "sent Grüße, 世界 🙂", "received Grüße, 世界 🙂", goodbye);

// exchange runs in the page: it sends text or bytes, and closes with code and reason when as much came back.
function exchange({ bytes, size, code, reason }) {
	return new Promise((resolve) => {
		const socket = new WebSocket("/s/", ["chat", "echo"]);
		const sent = bytes ? new Uint8Array(size).fill(0xff) : "x".repeat(size);
		let same = false;
		socket.binaryType = "arraybuffer";
		socket.onopen = () => socket.send(sent);
		socket.onmessage = ({ data }) => {
			same = bytes ? String(new Uint8Array(data)) === String(sent) : data === sent;
			socket.close(code, reason);
		};
		socket.onclose = (event) => resolve([socket.protocol, same, event.code, event.reason]);
	});
}
for (const bytes of [false, true]) {
	for (const size of [0, 125, 126, 65535]) {
		const got = await page.evaluate(exchange, { bytes, size, code: 4001, reason: "tschüß" });
		assert.deepEqual(got, ["echo", true, 4001, sessions ? "" : "tschüß"]);
	}
	const [, same, code] = await page.evaluate(exchange, { bytes, size: 65536 });
	assert.deepEqual([same, code], [false, 1009]);
}

await page.reload();
await press("Connect");
await logged("connected subprotocol echo");
console.log("waiting");
const last = ["connected subprotocol echo", "closed 1001"];
await logged(...last);
await press("Connect"); // to nobody
await logged(...last, "failed no connection was made");
await browser.close();
