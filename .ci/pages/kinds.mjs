// One address of each kind of page, without the language. An error page has the
// status of the error.
const kinds = {
  start: "/",
  field: "/fields/ds2-verwaltung",
  "field-without-goals": "/fields/ds2-mobilitaet",
  "field-with-milestones": "/fields/egov18-modellregionen",
  goals: "/goals",
  goal: "/goals/ds2-43",
  "goal-without-figures": "/goals/ds2-04",
  "goal-with-target-only": "/goals/ds2-08",
  "goals-by-due-date": "/goals?assessment=unknown-since&sort=due",
  milestones: "/milestones",
  theme: "/themes/mobile",
  indicators: "/indicators",
  indicator: "/indicators/e-file-users",
  "indicator-with-areas": "/indicators/startup-location-rank",
  "indicator-with-breakdown": "/indicators/model-regions-projects",
  ozg: "/ozg",
  areas: "/areas",
  area: "/areas/05111000",
  "area-filtered": "/areas/05112000?topic=health&sort=service",
  "area-page": "/areas/05111000?page=2",
  "area-without-result": "/areas/05111000?q=xyzzy",
  figure: "/figures/obs-0177",
  card: "/indicators/e-file-users.card",
  contradictions: "/contradictions",
  "contradictions-of-a-theme": "/contradictions?themes=ozg",
  sources: "/sources",
  source: "/sources/vorlage-17-6059",
  method: "/method",
  glossary: "/glossary",
  datasets: "/datasets",
  dataset: "/datasets/observations",
  "dataset-without-rows": "/datasets/changes",
  releases: "/releases",
  release: "/releases/{release}",
  search: "/search?q=Akte",
  "search-without-result": "/search?q=xyzzy",
  use: "/use",
  imprint: "/imprint",
  privacy: "/privacy",
  accessibility: "/accessibility",
  missing: { address: "/goals/ds2-4x", status: 404 },
  withdrawn: { address: "/indicators/administration-digitisation-year", status: 410 },
  "area-without-rows": { address: "/areas/05158026", status: 404 },
  "missing-address": { address: "/absent", status: 404 },
  "search-too-long": { address: `/search?q=${"a".repeat(201)}`, status: 400 },
  "filter-unknown": { address: "/goals?assessment=acheived", status: 400 },
  "release-of-page": { address: "/goals?release=2026.11.0", status: 400 },
};

// pages lists all kinds in both languages.
export async function pages(base) {
  const answer = await fetch(`${base}/v1/releases/latest`);
  const release = (await answer.json()).data.id;
  return ["de", "en"].flatMap((language) => Object.entries(kinds).map(([kind, one]) => {
    const { address, status } = typeof one === "string" ? { address: one, status: 200 } : one;
    const path = address.replace("{release}", release);
    return { kind, language, status, path: language === "de" ? path : `/en${path === "/" ? "" : path}` };
  }));
}
