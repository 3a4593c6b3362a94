// A WebSocket for a page that connects again when it is lost. The page sends with the function that it gets when the
// connection is open, and stops all by calling the result:
//
//	const stop = connect("wss://chat.example/ws", {
//		open: (send) => send(JSON.stringify({ after: lastSeen })),
//		message: (data) => { … },
//		state: (text) => { document.title = text; },
//	});
//
// A page cannot see why a handshake was refused: that is 1006, like a broken network. It therefore tries again,
// except after a Close frame with a code that says that there is no use in it.

const firstWait = 500;
const maxWait = 30_000;
const steady = 10_000; // how long a connection must last for the wait to begin anew
const connecting = 20_000; // how long a browser may take to connect
const final = new Set([1003, 1008, 1009]); // so are the codes of the application's own, from 4000

export function connect(url, { protocols = [], open, message, state = () => {}, env = globalThis }) {
	let socket;
	let timer;
	let wait = firstWait;
	let stopped = false;

	function start() {
		let opened;
		state("connecting");
		socket = new env.WebSocket(url, protocols);
		const own = socket; // events of a socket that was given up are not of interest
		timer = env.setTimeout(() => lost(own, 1006, opened), connecting);
		own.onopen = () => {
			env.clearTimeout(timer);
			opened = env.now?.() ?? Date.now();
			state("open");
			open?.((data) => own.send(data));
		};
		own.onmessage = (event) => message(event.data);
		own.onclose = (event) => lost(own, event.code, opened);
	}

	function lost(own, code, opened) {
		env.clearTimeout(timer);
		own.onopen = own.onmessage = own.onclose = null;
		own.close();
		if (stopped || final.has(code) || code >= 4000) {
			state("closed");
			return;
		}
		if (opened !== undefined && (env.now?.() ?? Date.now()) - opened >= steady) {
			wait = firstWait;
		}
		state("waiting");
		timer = env.setTimeout(start, wait / 2 + (env.random?.() ?? Math.random()) * (wait / 2));
		wait = Math.min(2 * wait, maxWait);
	}

	// A computer that wakes up, or a phone that has found a network, does not wait for the rest of the time.
	function online() {
		if (socket.onclose === null && !stopped) {
			env.clearTimeout(timer);
			start();
		}
	}
	env.addEventListener?.("online", online);

	start();
	return function stop() {
		stopped = true;
		env.removeEventListener?.("online", online);
		env.clearTimeout(timer);
		socket.onclose = null;
		socket.close(1000);
	};
}
