// Lighthouse gives a page of each kind full marks for accessibility, best practices and
// search engines. Speed is not measured, since it depends on the machine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import lighthouse from "lighthouse";
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";
import { flags } from "./browser.mjs";
import { pages } from "./kinds.mjs";
import { start } from "./program.mjs";

const program = await start({ offers: true });
let chromium, port, folder;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "zielstand-lighthouse-"));
  chromium = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium",
    [...flags, "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${folder}`, "about:blank"],
    { stdio: ["ignore", "ignore", "pipe"] });
  port = await new Promise((resolve, reject) => {
    let said = "";
    chromium.stderr.on("data", (chunk) => {
      said += chunk;
      const found = said.match(/DevTools listening on ws:\/\/[^:]+:(\d+)/);
      if (found) resolve(Number(found[1]));
    });
    chromium.once("exit", (code) => reject(new Error(`Chromium ended with ${code}: ${said}`)));
  });
});

after(async () => {
  const ended = new Promise((done) => chromium.once("exit", done));
  chromium.kill();
  await ended;
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  await program.stop();
});

const settings = {
  logLevel: "error", onlyCategories: ["accessibility", "best-practices", "seo"], disableFullPageScreenshot: true,
  pauseAfterFcpMs: 0, pauseAfterLoadMs: 0, networkQuietThresholdMs: 0, cpuQuietThresholdMs: 0,
};

// Before each page, Lighthouse would measure for a second how fast the machine is, to judge
// speed.
assert.equal(typeof pageFunctions.computeBenchmarkIndex, "function");
pageFunctions.computeBenchmarkIndex = () => 1000;

// A page is German or English in turn: rules.test.mjs opens all of them in both languages.
const template = (kind) => kind.split("-")[0];
const all = (await pages(program.base)).filter(({ status }) => status === 200);
const kinds = [...new Set(all.map(({ kind }) => template(kind)))];
const visited = kinds.map((kind, i) => all.find((p) => template(p.kind) === kind && p.language === ["de", "en"][i % 2]));

describe("lighthouse", () => {
  for (const { path: address } of visited) {
    it(address, async () => {
      const { lhr } = await lighthouse(program.base + address, { port, ...settings });
      // Results of a search and cards are not for search engines, and say so.
      const unlisted = /noindex/.test(await (await fetch(program.base + address)).text());
      const categories = Object.values(lhr.categories).filter(({ id }) => !(unlisted && id === "seo"));
      const scores = categories.map(({ id, score }) => `${id} ${score}`);
      const wrong = categories.flatMap(({ auditRefs }) => auditRefs.map(({ id }) => lhr.audits[id]))
        .filter((a) => a.score !== null && a.score < 1 && a.scoreDisplayMode !== "informative").map((a) => `${a.id}: ${a.title}`);
      assert.deepEqual([scores, wrong], [["accessibility 1", "best-practices 1", ...unlisted ? [] : ["seo 1"]], []]);
    });
  }
});
