// Tests of reconnect.mjs: node reconnect_test.mjs. Time and network are this file's own.
import assert from "node:assert/strict";
import { connect } from "./reconnect.mjs";

// world returns an environment whose clock stands still unless pass is called.
function world() {
	const env = { sockets: [], timers: new Map(), clock: 0, ids: 0, listeners: {} };
	env.now = () => env.clock;
	env.random = () => 0.5;
	env.setTimeout = (f, d) => { env.timers.set(++env.ids, { f, at: env.clock + d }); return env.ids; };
	env.clearTimeout = (id) => env.timers.delete(id);
	env.addEventListener = (name, f) => { env.listeners[name] = f; };
	env.removeEventListener = (name) => { delete env.listeners[name]; };
	env.pass = (d) => {
		for (const end = env.clock + d; ;) {
			const due = [...env.timers].filter(([, t]) => t.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
			if (!due) {
				env.clock = end;
				return;
			}
			env.timers.delete(due[0]);
			env.clock = due[1].at;
			due[1].f();
		}
	};
	env.WebSocket = class {
		constructor(url, protocols) {
			Object.assign(this, { url, protocols, sent: [], closed: undefined, at: env.clock });
			env.sockets.push(this);
		}
		send(data) { this.sent.push(data); }
		close(code = 0) { this.closed ??= code; }
	};
	env.last = () => env.sockets.at(-1);
	return env;
}

const tests = {
	waits_grow() {
		const env = world();
		connect("wss://x/", { message() {}, env });
		for (const wait of [375, 750, 1500, 3000, 6000, 12000, 22500, 22500]) {
			const before = env.last();
			before.onclose({ code: 1006 });
			env.pass(wait - 1);
			assert.equal(env.last(), before);
			env.pass(1);
			assert.notEqual(env.last(), before);
		}
	},
	a_steady_connection_resets_the_wait() {
		const env = world();
		const got = [];
		connect("wss://x/", { protocols: ["v1"], open: (send) => send("hello"), message: (data) => got.push(data), env });
		for (const [lasts, wait] of [[1000, 375], [1000, 750], [10_000, 375]]) {
			const socket = env.last();
			assert.deepEqual([socket.url, socket.protocols], ["wss://x/", ["v1"]]);
			socket.onopen();
			assert.deepEqual(socket.sent, ["hello"]);
			socket.onmessage({ data: lasts });
			env.pass(lasts);
			const begun = env.clock;
			socket.onclose({ code: 1001 });
			env.pass(wait);
			assert.equal(env.last().at - begun, wait);
		}
		assert.deepEqual(got, [1000, 1000, 10_000]);
	},
	a_connection_that_does_not_open_is_given_up() {
		const env = world();
		connect("wss://x/", { message() {}, env });
		const first = env.last();
		env.pass(20_375);
		assert.notEqual(first.closed, undefined);
		assert.equal(env.sockets.length, 2);
	},
	an_open_connection_is_kept() {
		const env = world();
		connect("wss://x/", { message() {}, env });
		env.last().onopen();
		env.pass(3_600_000);
		assert.deepEqual([env.sockets.length, env.last().closed], [1, undefined]);
	},
	some_codes_are_final() {
		for (const code of [1003, 1008, 1009, 4001]) {
			const env = world();
			const states = [];
			connect("wss://x/", { message() {}, state: (text) => states.push(text), env });
			env.last().onopen();
			env.last().onclose({ code });
			env.pass(3_600_000);
			assert.equal(env.sockets.length, 1);
			assert.deepEqual(states, ["connecting", "open", "closed"]);
		}
	},
	a_network_that_is_back_ends_the_wait() {
		const env = world();
		connect("wss://x/", { message() {}, env });
		env.listeners.online(); // while it connects
		assert.equal(env.sockets.length, 1);
		env.last().onclose({ code: 1006 });
		env.listeners.online();
		assert.equal(env.sockets.length, 2);
		env.last().onopen();
		env.pass(3_600_000); // the wait that was ended does not begin a third
		assert.equal(env.sockets.length, 2);
	},
	stop_ends_all() {
		for (const when of ["connecting", "open", "waiting"]) {
			const env = world();
			const stop = connect("wss://x/", { message() {}, env });
			if (when === "open") env.last().onopen();
			if (when === "waiting") env.last().onclose({ code: 1006 });
			stop();
			env.pass(3_600_000);
			assert.equal(env.sockets.length, 1, when);
			assert.notEqual(env.last().closed, undefined, when);
			assert.equal(env.timers.size, 0, when);
			assert.deepEqual(env.listeners, {}, when);
		}
	},
};

for (const [name, test] of Object.entries(tests)) {
	test();
	console.log("ok", name);
}
