// What a reader does: find a figure, see where it comes from, take it along.
// With the mouse, with the keyboard alone, and without JavaScript.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { follow, launch, watch } from "./browser.mjs";
import { start } from "./program.mjs";

const program = await start();
let browser;
before(async () => { browser = await launch(); });
after(async () => {
  await browser.close();
  await program.stop();
});

// visit opens the start page, lets the reader act, and checks that nothing
// unwelcome happened on the way.
async function visit(options, act, base = program.base) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const report = watch(context, base);
  const page = await context.newPage();
  await page.goto(base);
  await act(page);
  assert.deepEqual(await report(), []);
}

// saved is the text of the file that an action downloads.
async function saved(page, action) {
  const [download] = await Promise.all([page.waitForEvent("download"), action()]);
  return readFile(await download.path(), "utf8");
}

const goal = "E-Verwaltungsarbeit in allen Landesbehörden";
const indicator = "Nutzende der E-Akte";
const source = "Strategie für das digitale Nordrhein-Westfalen 2.0";

// checkFile looks for the figure that the page showed.
function checkFile(text) {
  assert.match(text, /obs-0177,e-file-users,ds2-43,05,2024,target,75000,at-least,digitalstrategie-2-0,8\.2 \(1\)/);
}

async function byMouse(page) {
  const main = page.locator("main");
  await follow(page, () => main.getByRole("link", { name: "Verwaltung", exact: true }).click());
  await follow(page, () => main.getByRole("link", { name: goal }).click());
  assert.match(await main.innerText(), /mindestens 75\.000 Beschäftigte/);
  await follow(page, () => main.getByRole("link", { name: indicator, exact: true }).first().click());
  const row = main.getByRole("row").filter({ hasText: "mindestens\u00a075.000\u00a0Personen" });
  assert.match(await row.innerText(), /2024[^]*Zielwert[^]*8\.2 \(1\)/);
  await follow(page, () => row.getByRole("link", { name: source }).click());
  assert.match(page.url(), /\/sources\/digitalstrategie-2-0$/);
  assert.ok(await main.getByRole("heading", { name: source }).isVisible());
  await page.goBack();
  checkFile(await saved(page, () => main.getByRole("link", { name: "CSV Alle Angaben", exact: true }).click()));
}

// tabTo presses Tab until a link or field with the name has the focus, and checks
// that the focus can be seen on the way.
async function tabTo(page, name, nth = 1) {
  for (let i = 0; i < 300; i++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const e = document.activeElement;
      return { text: (e.labels?.[0] ?? e).textContent.trim(), outline: getComputedStyle(e).outlineStyle, tag: e.tagName };
    });
    if (focus.tag === "BODY") continue;
    assert.notEqual(focus.outline, "none", `the focus on «${focus.text}» cannot be seen`);
    if (focus.text === name && --nth === 0) return;
  }
  assert.fail(`Tab does not reach «${name}» on ${page.url()}`);
}

async function open(page, name, nth) {
  await tabTo(page, name, nth);
  await follow(page, () => page.keyboard.press("Enter"));
}

describe("a first-time reader", () => {
  it("finds a figure, its source and the file", () => visit({}, byMouse));

  it("does the same without JavaScript", () => visit({ javaScriptEnabled: false }, byMouse));

  it("does the same by keyboard alone", () => visit({}, async (page) => {
    await tabTo(page, "Zum Inhalt");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement.id === "content");
    await open(page, "Verwaltung");
    await open(page, goal);
    await open(page, indicator);
    await open(page, source);
    assert.match(page.url(), /\/sources\/digitalstrategie-2-0$/);
    await page.goBack(); // Alt and the left arrow, which a browser without a window does not know
    await tabTo(page, "CSV Alle Angaben");
    checkFile(await saved(page, () => page.keyboard.press("Enter")));
  }));

  it("finds umlauts however they are typed", () => visit({}, async (page) => {
    for (const word of ["Buergeramt", "Bürgeramt", "BURGERAMT"]) {
      await page.getByLabel("Suchbegriff").fill(word);
      await follow(page, () => page.keyboard.press("Enter"));
      assert.equal(new URL(page.url()).searchParams.get("q"), word);
      assert.match(await page.locator("main").innerText(), /Bürgeramts? /, `${word} finds no Bürgeramt`);
    }
    await follow(page, () => page.locator("main").getByRole("link", { name: /Bürgeramt/ }).first().click());
    assert.match(await page.locator("main").innerText(), /Bürgeramt/);
  }));

  it("changes the language and stays on the page", () => visit({}, async (page) => {
    await page.goto(`${program.base}/goals/ds2-43`);
    await follow(page, () => page.getByRole("link", { name: "English" }).click());
    assert.equal(page.url(), `${program.base}/en/goals/ds2-43`);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    await follow(page, () => page.locator("nav").first().getByRole("link", { name: "Datasets" }).click());
    assert.equal(page.url(), `${program.base}/en/datasets`);
    await follow(page, () => page.getByRole("link", { name: "Deutsch" }).click());
    assert.equal(page.url(), `${program.base}/datasets`);
  }));

  it("finds what a city offers online, and takes exactly that along", async () => {
    const offering = await start({ offers: true });
    try {
      await visit({ javaScriptEnabled: false }, async (page) => {
        const main = page.locator("main");
        await page.goto(`${offering.base}/areas`);
        await follow(page, () => main.getByRole("link", { name: "Düsseldorf" }).click());
        assert.match(await main.innerText(), /Mittelwert der anderen/);
        const total = main.getByRole("row").filter({ hasText: "Gesundheit" }).first();
        const online = Number(await total.getByRole("link").innerText());
        await follow(page, () => total.getByRole("link").click());
        await main.getByLabel("Reihenfolge").selectOption({ label: "nach Leistung" });
        await follow(page, () => main.getByRole("button", { name: "Anzeigen" }).click());
        const titles = (await main.locator("#list ~ .wide tbody th").allInnerTexts()).map((title) => title.replace(/ LeiKa.*/, ""));
        assert.equal(titles.length, online);
        assert.deepEqual(titles, titles.toSorted());
        const file = await saved(page, () => main.getByRole("link", { name: "CSV Verfügbarkeit von Onlinediensten (Auswahl)", exact: true }).click());
        const rows = file.trimEnd().split("\n").slice(1);
        assert.equal(rows.length, online);
        for (const row of rows) assert.match(row, /,05111000,.*,ok,yes,/);
      }, offering.base);
    } finally {
      await offering.stop();
    }
  });

  it("takes a workbook along", () => visit({}, async (page) => {
    await page.goto(`${program.base}/datasets/goals`);
    const [download] = await Promise.all([
      page.waitForEvent("download"), page.getByRole("link", { name: "Excel (XLSX)" }).first().click(),
    ]);
    assert.match(download.suggestedFilename(), /^zielstand-goals-.*\.xlsx$/);
    assert.equal((await readFile(await download.path())).subarray(0, 2).toString(), "PK");
  }));

  it("gets the plot that fits the screen, in the colours of the theme", () => visit({ colorScheme: "dark" }, async (page) => {
    await page.goto(`${program.base}/indicators/e-file-users`);
    const shown = () => page.evaluate(() => [...document.querySelectorAll("figure svg")].filter((s) => s.checkVisibility()).map((s) => s.getAttribute("width")));
    assert.deepEqual(await shown(), ["1040"]);
    const colour = () => page.evaluate(() => getComputedStyle(document.querySelector("svg.plot")).color);
    const dark = await colour();
    await page.emulateMedia({ colorScheme: "light" });
    assert.notEqual(await colour(), dark);
    await page.setViewportSize({ width: 360, height: 800 });
    assert.deepEqual(await shown(), ["330"]);
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await shown(), ["1040"]);
    assert.equal(await page.locator("header nav").isVisible(), false);
    assert.equal(await page.locator("header .brand").isVisible(), true);
    assert.equal(await page.locator(".printed").isVisible(), true);
    await page.goto(`${program.base}/goals/ds2-70`);
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator("section[aria-labelledby=progress] details table").first().isVisible(), true);
  }));

  it("embeds a plot by its address", () => visit({}, async (page) => {
    await page.goto(`${program.base}/ozg`);
    await page.getByText("Grafik weitergeben oder einbetten").first().click();
    const code = await page.locator("details[open] code").innerText();
    assert.match(code, /^<iframe src="[^"]+\/ozg\/laender\.card"/);
    await follow(page, () => page.locator("details[open]").getByRole("link", { name: "SVG" }).click());
    assert.match(page.url(), /\/ozg\/[a-z]+\.svg$/);
    assert.equal(await page.evaluate(() => document.querySelector("title").textContent), "Nach Land: Online verfügbare OZG-Leistungen (Quelle: 26.11.2021)");
  }));
});
