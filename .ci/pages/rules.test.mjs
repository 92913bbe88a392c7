// Every kind of page, with invented online services of cities, and errors, in both
// languages: the status it should have, HTML without errors, under 100 kB; at 1280, 768, 390
// and 320 pixels nothing that is cut off, no plot beside empty space and no link that is hard
// to hit; on a wide and a narrow screen no violation of WCAG 2.2 A and AA; and no colour that
// violates it in either theme.
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
  // The browser logs the status of an error page to the console.
  wrong.push(...(await report()).filter((text) => !/status of 4(00|04|10)/.test(text)));
  assert.deepEqual(wrong, []);
}

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

// What depends on the colours of a theme; all else is the same in both.
const ofColours = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"];

// Text has the contrast of AAA, too.
const enhanced = { "color-contrast-enhanced": { enabled: true } };

async function violations(page, options) {
  const found = await page.evaluate(async (options) =>
    (await globalThis.axe.run({ ...options, resultTypes: ["violations"], preload: false })).violations, options);
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).slice(0, 3).join(" ")}`);
}

// cutOff lists what is wider than the screen. Tables scroll on narrow screens.
function cutOff(wide) {
  const root = document.documentElement;
  const wrong = [];
  if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} pixels wide`);
  for (const part of wide ? document.querySelectorAll(".wide, pre") : []) {
    if (part.scrollWidth > part.clientWidth) wrong.push(`«${part.querySelector("caption")?.textContent ?? part.textContent.slice(0, 40)}» is cut off`);
  }
  return wrong;
}

// smallPlots lists plots that do not have the width of their place.
function smallPlots() {
  const plots = [...document.querySelectorAll("figure")].map((figure) => [figure, [...figure.querySelectorAll("svg")].filter((svg) => svg.checkVisibility())]);
  return plots.filter(([figure, shown]) => figure.querySelector("svg") && (shown.length !== 1 || shown[0].clientWidth < figure.clientWidth - 1))
    .map(([figure, shown]) => `plots of ${shown.map((svg) => svg.clientWidth)} pixels in a place of ${figure.clientWidth}`);
}

// smallTargets lists links and controls that are hard to hit (WCAG 2.2, 2.5.8): smaller
// than 24 pixels, not in a sentence, and with another target in a circle of 24 pixels
// around their middle.
function smallTargets() {
  const size = 24;
  const targets = [...document.querySelectorAll("a[href], button, input, select, summary")]
    .filter((e) => e.checkVisibility() && !e.closest(".skip"))
    .map((e) => {
      const box = e.getBoundingClientRect();
      return { e, box, x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, small: box.width < size - 0.01 || box.height < size - 0.01 };
    });
  const distance = ({ x, y }, box) =>
    Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
  const inSentence = (e) => {
    if (getComputedStyle(e).display !== "inline") return false;
    return [...e.parentElement.childNodes].some((n) => n !== e && n.nodeType === Node.TEXT_NODE && /[\p{L}\p{N}]/u.test(n.data));
  };
  const crowded = targets.filter((t) => t.small && !inSentence(t.e) && targets.some((o) => o !== t &&
    (distance(t, o.box) < size / 2 || (o.small && !inSentence(o.e) && Math.hypot(t.x - o.x, t.y - o.y) < size))));
  return crowded.slice(0, 5).map(({ e, box }) =>
    `the target «${e.textContent.trim().slice(0, 40)}» is ${Math.round(box.width)} × ${Math.round(box.height)} pixels and has others around it`);
}

// axe takes most of the time, and finds the same on all screens that get the same layout from
// the style sheet: it has one for wide screens and one for narrow ones. Colours do not depend
// on the width.
const layouts = [1280, 320];
const coloured = 1280;

describe("screens", () => {
  for (const width of [1280, 768, 390, 320]) {
    it(`${layouts.includes(width) ? `axe finds nothing${width === coloured ? " in both themes" : ""}, ` : ""}all fits and can be hit at ${width} pixels`, () =>
      each({ viewport: { width, height: 800 }, colorScheme: "light" }, async (page) => {
        await page.emulateMedia({ colorScheme: "light" });
        const wrong = [...await page.evaluate(cutOff, width === 1280), ...await page.evaluate(smallTargets), ...await page.evaluate(smallPlots)];
        if (!layouts.includes(width)) return wrong;
        await page.evaluate(axe);
        wrong.push(...await violations(page, { runOnly: standards, rules: enhanced }));
        if (width !== coloured) return wrong;
        await page.emulateMedia({ colorScheme: "dark" });
        wrong.push(...(await violations(page, { runOnly: ofColours })).map((text) => `in the dark theme: ${text}`));
        return wrong;
      }));
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
        // Not all screen readers support the search element yet.
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
    const assets = (await Promise.all([...new Set((await (await fetch(program.base)).text()).match(/\/assets\/[^"]+/g))].map(size))).reduce((a, b) => a + b) + await size("/favicon.ico");
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
