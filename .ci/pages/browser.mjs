// Debian's Chromium; nothing is downloaded.
import { chromium } from "playwright-core";

export const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });
}

// follow waits until the page that an action leads to is there as a whole. A click by
// itself returns while the page is still being parsed.
export async function follow(page, action) {
  await Promise.all([page.waitForEvent("load"), action()]);
}

// watch collects what a page must not do: log an error, contact another host,
// set a cookie. The returned function lists it and ends the watch.
export function watch(context, base) {
  const wrong = [];
  const host = new URL(base).host;
  context.on("request", (request) => {
    if (new URL(request.url()).host !== host) wrong.push(`a request to ${request.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error") wrong.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on("weberror", (error) => wrong.push(String(error.error())));
  return async () => {
    for (const cookie of await context.cookies()) wrong.push(`a cookie ${cookie.name}`);
    await context.close();
    return wrong;
  };
}
