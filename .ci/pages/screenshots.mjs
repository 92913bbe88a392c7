// Pictures of every kind of page, in both languages and both themes, wide and
// narrow: node screenshots.mjs FOLDER [KIND…].
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch } from "./browser.mjs";
import { pages } from "./kinds.mjs";
import { start } from "./program.mjs";

const [folder, ...wanted] = process.argv.slice(2);
const program = await start({ offers: true });
const browser = await launch();
try {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    for (const [name, width] of Object.entries({ wide: 1200, narrow: 360 })) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      for (const { kind, language, path: address } of await pages(program.base)) {
        if (wanted.length && !wanted.includes(kind)) continue;
        await page.goto(program.base + address);
        await page.screenshot({ path: path.join(folder, `${kind}-${language}-${colorScheme}-${name}.png`), fullPage: true });
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await program.stop();
}
