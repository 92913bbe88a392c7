// One address of each kind of page, without the language.
const kinds = {
  start: "/",
  field: "/fields/ds2-verwaltung",
  "field-without-goals": "/fields/ds2-mobilitaet",
  "field-with-milestones": "/fields/egov18-modellregionen",
  goals: "/goals",
  goal: "/goals/ds2-43",
  "goal-without-figures": "/goals/ds2-02",
  indicators: "/indicators",
  indicator: "/indicators/e-file-users",
  "indicator-with-areas": "/indicators/startup-location-rank",
  ozg: "/ozg",
  contradictions: "/contradictions",
  sources: "/sources",
  datasets: "/datasets",
  dataset: "/datasets/observations",
  "dataset-without-rows": "/datasets/withdrawn",
  releases: "/releases",
  release: "/releases/{release}",
  search: "/search?q=Akte",
  "search-without-result": "/search?q=xyzzy",
  use: "/use",
  imprint: "/imprint",
  privacy: "/privacy",
  accessibility: "/accessibility",
  missing: "/goals/ds2-4x",
};

// pages lists all kinds in both languages.
export async function pages(base) {
  const answer = await fetch(`${base}/v1/releases/latest`);
  const release = (await answer.json()).data.id;
  return ["de", "en"].flatMap((language) => Object.entries(kinds).map(([kind, address]) => {
    const path = address.replace("{release}", release);
    return { kind, language, path: language === "de" ? path : `/en${path === "/" ? "" : path}` };
  }));
}
