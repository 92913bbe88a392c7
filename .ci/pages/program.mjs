// The program under test, on a free port with a database of its own.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { packageWithOffers } from "./offers.mjs";

// start runs the binary that ZIELSTAND names until stop is called: with the data of the
// repository, and with invented online services of cities if offers is set.
export async function start({ offers = false } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "zielstand-pages-"));
  const child = spawn(process.env.ZIELSTAND, [
    "--http-address", "127.0.0.1:0",
    "--database-url", `sqlite:${path.join(folder, "pages.db")}`,
    "--cache-path", path.join(folder, "cache"),
    "--log-level", "error",
    ...(offers ? ["--fixtures-path", await packageWithOffers(folder)] : []),
  ], { stdio: ["ignore", "pipe", "inherit"] });
  const base = await address(child);
  const stop = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { base, stop };
}

// address waits for the line that says where the program serves.
function address(child) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const line = said.match(/serves on (\S+)/);
      if (line) resolve(line[1]);
    });
    child.once("exit", (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
  });
}
