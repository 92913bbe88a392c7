// Uses the types that openapi-typescript generates from openapi.json.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

// The media types name the variant of an answer that this program reads.
const client = createClient<paths, "application/json" | "application/problem+json">({ baseUrl: process.argv[2] });

type GoalCollection = components["schemas"]["GoalCollection"];
type GoalGroupCollection = components["schemas"]["GoalGroupCollection"];
type ObservationCollection = components["schemas"]["ObservationCollection"];

// Goals that are past their due date without a known outcome.
const goals = await client.GET("/goals", { params: { query: { assessment: ["unknown-since", "unresolved"] } }, querySerializer: { array: { style: "form", explode: false } } });
if (!goals.data) throw new Error(goals.error.detail);
const overdue = goals.data as GoalCollection; // without the parameter fields, rows are whole
console.log("overdue", overdue.meta.total);
for (const goal of overdue.data) {
  if (goal.due !== null) console.log("goal", goal.id, goal.due, goal.assessment);
}

// The number of goals by assessment.
const grouped = await client.GET("/goals", { params: { query: { groupBy: ["assessment"], sort: ["-count", "assessment"] } }, querySerializer: { array: { style: "form", explode: false } } });
if (!grouped.data) throw new Error(grouped.error.detail);
for (const group of (grouped.data as GoalGroupCollection).data) console.log("group", group.assessment, group.count);

// All observations, a hundred at a time.
let n = 0;
let sum = 0;
let query: { limit: number; after?: string; release?: string } = { limit: 100 };
for (;;) {
  const answer = await client.GET("/observations", { params: { query } });
  if (!answer.data) throw new Error(answer.error.detail);
  const page = answer.data as ObservationCollection;
  n += page.data.length;
  for (const o of page.data) if (o.kind === "actual") sum += o.value;
  if (!page.links.next) break;
  const next = new URL(page.links.next).searchParams;
  query = { limit: 100, after: next.get("after")!, release: next.get("release")! };
}
console.log("observations", n);
console.log("sum", sum.toFixed(2));

// A mistake, and what is allowed instead.
const wrong = await client.GET("/goals", { params: { query: { q: "", sort: ["titel" as "title"] } } });
const problem = wrong.error;
if (!problem) throw new Error("no problem");
console.log("problem", problem.status, problem.parameter, problem.nearest);
