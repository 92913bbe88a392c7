// Invented online services of three cities, since the data of the repository have none.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const cities = { "05111000": "051110000000", "05112000": "051120000000", "05113000": "051130000000" };
const topics = ["Bildung", "Gesundheit", "Bauen & Wohnen", ""];

// Pages of 200 rows, so there are two.
const services = 230;

// packageWithOffers converts invented exports of Open-PVOG to a data package in the folder
// and returns its path. The current folder is that of the repository.
export async function packageWithOffers(folder) {
  const lines = ["leika_key;leika_bezeichnung;ars;ozgid;themenfeld;url;online_status;aktiv;art_flaechendeckung;begruendung_nicht_beruecksichtigt"];
  for (const [i, [key, ars]] of Object.entries(cities).entries()) {
    for (let n = 0; n < services / (i + 1); n++) {
      const values = n % 7 === 6
        ? ["", "", "", "", "Kein Onlinedienst (erfunden)."]
        : [`https://dienste.example/${key}/${n}`, n % 7 === 5 ? "nicht ok" : "ok", n % 7 === 4 ? "nein" : "ja", "landesweit flächendeckend", ""];
      lines.push([`990${String(n).padStart(5, "0")}017000`, `Erfundene Leistung ${n}`, ars, 10001 + n, topics[n % topics.length], ...values].join(";"));
    }
  }
  const exports = path.join(folder, "exports"), out = path.join(folder, "package");
  await mkdir(exports);
  await writeFile(path.join(exports, "export.csv"), lines.join("\n") + "\n");
  await promisify(execFile)(process.env.ZIELSTAND, [
    "convert", "open-pvog", exports, "--as-of", "2026-11-27", "--retrieved", "2026-11-28", "--base", "fixtures", out,
  ]);
  return out;
}
