// Eight questions that readers ask, each from the start page to its answer: with the
// mouse and with the keyboard alone, in as many clicks as the test says. The figures are
// those of the data that the program contains.
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

// reader acts on a page and counts: clicks with the mouse, or the same with Tab and Enter.
class Reader {
  clicks = 0;

  constructor(page, keyboard) {
    this.page = page;
    this.keyboard = keyboard;
    this.main = page.locator("main");
  }

  // use clicks the first of the elements, or moves the focus to it and presses Enter.
  async use(elements) {
    const element = elements.first();
    this.clicks++;
    if (!this.keyboard) return element.click();
    await this.tabTo(element);
    return this.page.keyboard.press("Enter");
  }

  // tabTo presses Tab until the element has the focus.
  async tabTo(element) {
    const wanted = await element.elementHandle();
    for (let i = 0; i < 400; i++) {
      await this.page.keyboard.press("Tab");
      if (await wanted.evaluate((e) => e === document.activeElement)) return;
    }
    assert.fail(`Tab does not reach ${element} on ${this.page.url()}`);
  }

  // open uses an element that leads to another page.
  open(elements) { return follow(this.page, () => this.use(elements)); }

  link(name) { return this.main.getByRole("link", { name }); }

  // search types into the field of the header, which is a click, too.
  async search(words) {
    const field = this.page.getByLabel("Suchbegriff");
    await (this.keyboard ? this.tabTo(field) : field.click());
    this.clicks++;
    await this.page.keyboard.type(words);
    await follow(this.page, () => this.page.keyboard.press("Enter"));
  }

  async reads(text) {
    await this.main.getByText(text).first().waitFor();
  }
}

// questions lead to the answer; clicks is how many it takes.
const questions = [
  { question: "How many services are online, and why do the sources differ?", clicks: 1, async answer(r) {
    await r.open(r.link("Onlinedienste (OZG)"));
    await r.reads(/waren 372 OZG-Leistungen in Nordrhein-Westfalen online verfügbar \(Dezember 2022\), gleich ob überall oder nur in einzelnen Gemeinden/);
    await r.reads(/davon 101 bundesweit \(Dezember 2022\)/);
    await r.reads("Warum die Zahlen nicht zusammenpassen");
    await r.reads(/Die 180 schließen die bundesweiten wohl ein, die neun nicht/);
  } },
  { question: "Has the goal on 5G been reached?", clicks: 2, async answer(r) {
    await r.search("5G erreicht");
    await r.open(r.link("Weitgehend flächendeckendes 5G"));
    await r.reads("Was nicht bekannt ist");
    await r.reads(/Ob das Ziel erreicht ist\. Die Frist ist am 31\.12\.2024 abgelaufen/);
  } },
  { question: "Which goals are overdue?", clicks: 1, async answer(r) {
    await r.open(r.link(/Bei 27 von 101 Zielen ist die Frist abgelaufen/));
    await r.reads("27 von 101 Einträgen");
    assert.equal(await r.main.locator("ol.goals > li").count(), 27);
  } },
  { question: "How did the e-file develop, for Excel and for my site?", clicks: 4, async answer(r) {
    await r.search("e-akte");
    await r.open(r.link("Nutzende der E-Akte").and(r.main.locator('[href$="/e-file-users"]')));
    const [file] = await Promise.all([r.page.waitForEvent("download"), r.use(r.link(/Excel \(XLSX\) Alle Angaben/))]);
    assert.equal((await readFile(await file.path())).subarray(0, 2).toString(), "PK");
    await r.use(r.main.locator("summary").filter({ hasText: "Grafik weitergeben oder einbetten" }));
    assert.match(await r.main.locator("details[open] code").innerText(), /e-file-users\.card/);
  } },
  { question: "What is there on schools?", clicks: 2, async answer(r) {
    await r.search("schule");
    await r.reads(/\d+ Treffer/);
    await r.open(r.main.getByRole("navigation").getByRole("link", { name: /^Ziele \(\d+\)$/ }));
    assert.match(await r.main.locator("ol.hits > li").first().innerText(), /Schule/);
  } },
  { question: "What changed in the last release?", clicks: 1, async answer(r) {
    await r.open(r.page.locator("footer").getByRole("link", { name: /^\d{4}\.\d+\.\d+$/ }));
    await r.reads(/Änderungen/);
  } },
  { question: "How do I cite a figure?", clicks: 3, async answer(r) {
    await r.open(r.link(/^Fläche mit 5G: 95,4/));
    await r.open(r.main.locator("#obs-1448").getByRole("link", { name: /95,4/ }));
    await r.reads(/„Fläche mit 5G: 95,4.% \(Istwert, 2025\)“, Veröffentlichung/);
    await Promise.all([r.page.waitForEvent("download"), r.use(r.link("BibTeX"))]);
  } },
  { question: "How does North Rhine-Westphalia compare with other states?", clicks: 2, async answer(r) {
    await r.open(r.link("Onlinedienste (OZG)"));
    await r.use(r.link("Nach Land"));
    await r.reads("Die Quelle nennt nur 4 von 16 Ländern");
    await r.reads(/Es fehlen: Schleswig-Holstein/);
  } },
];

for (const keyboard of [false, true]) {
  describe(keyboard ? "by keyboard" : "by mouse", () => {
    for (const { question, clicks, answer } of questions) {
      it(question, async () => {
        const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
        const report = watch(context, program.base);
        const page = await context.newPage();
        await page.goto(program.base);
        const reader = new Reader(page, keyboard);
        await answer(reader);
        assert.equal(reader.clicks, clicks, "clicks");
        assert.deepEqual(await report(), []);
      });
    }
  });
}
