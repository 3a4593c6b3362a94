// Chromium, as all scripts start it.
import { chromium } from "playwright-core";

export function launch() {
	return chromium.launch({
		executablePath: "/usr/bin/chromium",
		timeout: 60_000,
		args: [
			"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync",
		],
	});
}
