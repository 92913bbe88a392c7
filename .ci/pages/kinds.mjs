// One address of each kind of page, without the language.
export const kinds = {
  start: "/",
  field: "/fields/ds2-verwaltung",
  "field-empty": "/fields/ds2-strategie",
  goals: "/goals",
  goal: "/goals/ds2-47",
  "goal-without-figures": "/goals/ds2-02",
  indicators: "/indicators",
  indicator: "/indicators/e-file-users",
  ozg: "/ozg",
  contradictions: "/contradictions",
  datasets: "/datasets",
  dataset: "/datasets/observations",
  releases: "/releases",
  search: "/search?q=Akte",
  "search-nothing": "/search?q=xyzzy",
  use: "/use",
  imprint: "/imprint",
  privacy: "/privacy",
  accessibility: "/accessibility",
  missing: "/absent",
};

export const languages = { de: "", en: "/en" };

// pages lists all kinds in both languages.
export function pages() {
  return Object.entries(languages).flatMap(([language, prefix]) =>
    Object.entries(kinds).map(([kind, path]) => ({ kind, language, path: path === "/" && prefix ? prefix : prefix + path })));
}
