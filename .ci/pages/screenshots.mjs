// Pictures of every kind of page, in both languages and both themes, wide and narrow, and
// of the German ones with forced colours and printed: node screenshots.mjs FOLDER [KIND…].
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch } from "./browser.mjs";
import { pages } from "./kinds.mjs";
import { start } from "./program.mjs";

const [folder, ...wanted] = process.argv.slice(2);
const program = await start({ offers: true });
const browser = await launch();

// each opens the wanted pages.
async function each(options, take) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  for (const one of await pages(program.base)) {
    if (wanted.length && !wanted.includes(one.kind)) continue;
    await page.goto(program.base + one.path);
    await take(page, path.join(folder, `${one.kind}-${one.language}`), one);
  }
  await context.close();
}

try {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, width] of Object.entries({ wide: 1280, narrow: 320 })) {
      await each({ colorScheme, viewport: { width, height: 800 } }, (page, file) =>
        page.screenshot({ path: `${file}-${colorScheme}-${name}.png`, fullPage: true }));
    }
  }
  await each({ forcedColors: "active", viewport: { width: 1280, height: 800 } }, async (page, file, { language }) => {
    if (language !== "de") return;
    await page.screenshot({ path: `${file}-forced.png`, fullPage: true });
    await page.emulateMedia({ forcedColors: "none" });
    await page.pdf({ path: `${file}.pdf`, format: "A4", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
    await page.emulateMedia({ forcedColors: "active" });
  });
} finally {
  await browser.close();
  await program.stop();
}
