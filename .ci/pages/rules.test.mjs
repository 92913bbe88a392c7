// Every kind of page, with invented online services of cities, and errors, in both
// languages: the status it should have, HTML without errors, no violation of WCAG 2.2 A and
// AA in both themes and on a narrow screen, no scrolling to the side, under 100 kB.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { HtmlValidate } from "html-validate";
import { launch, watch } from "./browser.mjs";
import { pages } from "./kinds.mjs";
import { start } from "./program.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const program = await start({ offers: true });
const all = await pages(program.base);
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser.close();
  await program.stop();
});

// each visits all pages, in a few tabs at a time, and collects what is wrong.
async function each(options, check) {
  const context = await browser.newContext(options);
  const wrong = [];
  const left = [...all];
  const report = watch(context, program.base);
  await Promise.all([1, 2].map(async () => {
    const page = await context.newPage();
    for (let one = left.shift(); one; one = left.shift()) {
      const answer = await page.goto(program.base + one.path);
      if (answer.status() !== one.status) wrong.push(`${one.path}: the status ${answer.status()}, want ${one.status}`);
      for (const problem of await check(page, one)) wrong.push(`${one.path}: ${problem}`);
    }
  }));
  // Of an error page the browser tells the status in the console.
  wrong.push(...(await report()).filter((text) => !/status of 4(00|04|10)/.test(text)));
  assert.deepEqual(wrong, []);
}

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function violations(page) {
  const found = await page.evaluate(async (only) =>
    (await globalThis.axe.run({ runOnly: only, resultTypes: ["violations"] })).violations, standards);
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" ")}`);
}

describe("accessibility", () => {
  it("axe finds nothing in both themes", () =>
    each({ viewport: { width: 1200, height: 800 } }, async (page) => {
      await page.emulateMedia({ colorScheme: "light" });
      await page.evaluate(axe);
      const light = await violations(page);
      await page.emulateMedia({ colorScheme: "dark" });
      const dark = await violations(page);
      return [...light, ...dark.map((text) => `in the dark theme: ${text}`)];
    }));

  it("axe finds nothing on a narrow screen", () =>
    each({ viewport: { width: 360, height: 800 } }, async (page) => {
      await page.evaluate(axe);
      return violations(page);
    }));
});

describe("layout", () => {
  for (const width of [320, 360, 1200]) {
    it(`fits ${width} pixels`, () =>
      each({ viewport: { width, height: 800 } }, (page) => page.evaluate((tablesToo) => {
        const root = document.documentElement;
        const wrong = [];
        if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} pixels wide`);
        for (const part of tablesToo ? document.querySelectorAll(".wide, pre") : []) {
          if (part.scrollWidth > part.clientWidth) wrong.push(`«${part.getAttribute("aria-label")}» is cut off`);
        }
        return wrong;
      }, width === 1200)));
  }
});

describe("markup", () => {
  it("html-validate finds nothing", async () => {
    const validator = new HtmlValidate({
      root: true,
      extends: ["html-validate:standard"],
      rules: {
        // A title says which page it is; search engines may shorten it.
        "long-title": "off",
        // Readers of today do not all know the element search.
        "prefer-native-element": ["error", { exclude: ["search"] }],
      },
    });
    const wrong = [];
    for (const { path, status } of all) {
      const answer = await fetch(program.base + path, { headers: { Accept: "text/html" } });
      if (answer.status !== status) wrong.push(`${path}: the status ${answer.status}, want ${status}`);
      const report = await validator.validateString(await answer.text());
      for (const result of report.results) {
        for (const m of result.messages) wrong.push(`${path}:${m.line}:${m.column}: ${m.ruleId}: ${m.message}`);
      }
    }
    assert.deepEqual(wrong, []);
  });
});

describe("weight", () => {
  it("is under 100 kB as a browser gets it", async () => {
    const assets = await size("/assets/site.css") + await size("/assets/icon.svg") + await size("/favicon.ico");
    for (const { path } of all) {
      const total = assets + await size(path);
      assert.ok(total < 100_000, `${path} weighs ${total} bytes`);
    }
  });
});

// size is the number of bytes on the wire.
function size(path) {
  return new Promise((resolve, reject) => {
    http.get(program.base + path, { headers: { Accept: "text/html", "Accept-Encoding": "gzip, br" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (chunk) => { bytes += chunk.length; });
      answer.on("end", () => resolve(bytes));
    }).on("error", reject);
  });
}
