// message returns the i-th of many messages that differ in all that matters to compression: records of JSON, random
// bytes, nothing at all; short ones, and now and then a long one. It runs in Node and in a browser.
export function message(i) {
	const size = Math.floor(Math.random() * (i % 16 ? 2_000 : 60_000));
	if (i % 5 === 1) {
		return i % 2 ? "" : new Uint8Array(0);
	}
	if (i % 5 === 2) {
		return crypto.getRandomValues(new Uint8Array(size));
	}
	let text = "";
	for (let id = 0; text.length < size; id++) {
		text += JSON.stringify({ id, name: `Grüße ${id % 7} 🙂`, value: Math.floor(Math.random() * 1000), valid: true });
	}
	// Half of a surrogate pair could not be sent.
	text = text.slice(0, size / 2).toWellFormed();
	return i % 5 === 3 ? new TextEncoder().encode(text) : text;
}
