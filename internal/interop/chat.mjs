// Chromium against examples/chat: its page at the URLs of two nodes in the arguments, used as three people would.
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { launch } from "./browser.mjs";

const browser = await launch();
const [a, b] = process.argv.slice(2);

// healthy waits until the nodes have found each other.
async function healthy() {
	for (const url of [a, b]) {
		while (!(await fetch(new URL("/healthz", url))).ok) await setTimeout(20);
	}
}

// enter has somebody enter the lobby in a tab of their own.
async function enter(name, url) {
	const page = await browser.newPage();
	page.setDefaultTimeout(60_000);
	page.on("pageerror", (error) => { throw error; });
	await page.goto(url);
	await page.getByLabel("Name").fill(name);
	await page.getByRole("button", { name: "Enter" }).click();
	await connected(page, url);
	return page;
}

const connected = (page, url) => page.getByText(`In lobby on ${new URL(url).host}.`).waitFor();

async function say(page, text) {
	await page.getByLabel("Message", { exact: true }).fill(text);
	await page.keyboard.press("Enter");
}

// lists waits until what is said ends with the text, and compares it and the names.
async function lists(page, said, here) {
	const lines = page.getByRole("log").getByRole("listitem");
	await lines.filter({ hasText: said.at(-1) }).waitFor();
	assert.deepEqual(await lines.allInnerTexts(), said);
	assert.deepEqual(await page.locator("#here li").allInnerTexts(), here);
}

await healthy();
const ann = await enter("Ann", a);
const bob = await enter("Bob", b);
await say(bob, "Grüße, 世界 🙂");
await lists(ann, ["Bob Grüße, 世界 🙂"], ["Ann"]);
await say(ann, "<b>bold</b>");
await lists(bob, ["Bob Grüße, 世界 🙂", "Ann <b>bold</b>"], ["Bob"]);

const cid = await enter("Cid", a);
await lists(ann, ["Bob Grüße, 世界 🙂", "Ann <b>bold</b>", "Cid is here."], ["Ann", "Cid"]);
await say(cid, "all");
await lists(cid, ["Cid all"], ["Ann", "Cid"]);
await lists(bob, ["Bob Grüße, 世界 🙂", "Ann <b>bold</b>", "Cid all"], ["Bob"]);
await cid.close();
await lists(ann, ["Bob Grüße, 世界 🙂", "Ann <b>bold</b>", "Cid is here.", "Cid all", "Cid has left."], ["Ann"]);

console.log("waiting"); // for the end of Ann's node
await ann.getByText("The connection is lost.").waitFor();
await say(bob, "alone");
await bob.getByText("Not sent, because only 1 of 2 nodes are there: alone").waitFor();
console.log("alone"); // until Ann's node is there again
await connected(ann, a);
await healthy();
await say(ann, "again");
await bob.getByText("Ann again").waitFor();
await browser.close();
