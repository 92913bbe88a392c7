// Calls the tools of /mcp with the official client of the Model Context Protocol.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const client = new Client({ name: "zielstand-test", version: "1.0.0" });
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2]!)));

const { tools } = await client.listTools();
console.log("tools", tools.filter((t) => t.annotations?.readOnlyHint).map((t) => t.name).sort().join(" "));

type Row = { link: string; sources: string[]; contradictions: string[]; row: { id: string; kind: string; value: number } };
type Collection = { total: number; next?: string; rows: Row[] };
type Found = { release: string; sources: Record<string, { link: string }>; contradictions: Record<string, { link: string }>; results: Collection[] };

async function call(name: string, args: Record<string, unknown>) {
  const result = await client.callTool({ name, arguments: args });
  const content = result.content as { type: string; text: string }[];
  return { isError: result.isError === true, text: content[0]!.text, structured: result.structuredContent as any };
}

// What is not known.
const unknown = await call("list_unknown", { kind: "outcome", limit: 200 });
const goals = (unknown.structured as Found).results[0]!;
console.log("overdue", goals.total, goals.rows.length);

// All observations, two hundred at a time. Each has a source and a link, and the text is
// the same as the structure.
let n = 0;
let sum = 0;
let contradicted = 0;
let last: Row | undefined;
for (let after: string | undefined; ; ) {
  const answer = await call("query", { dataset: "observations", parameters: { limit: 200, after } });
  if (answer.isError) throw new Error(answer.text);
  if (answer.text !== JSON.stringify(JSON.parse(answer.text)) || JSON.stringify(JSON.parse(answer.text)) !== JSON.stringify(answer.structured)) throw new Error("text and structure differ");
  const found = answer.structured as Found;
  const page = found.results[0]!;
  for (const r of page.rows) {
    n++;
    if (r.row.kind === "actual") sum += r.row.value;
    if (r.sources.length === 0 || r.sources.some((id) => !found.sources[id])) throw new Error(r.row.id + " has no source");
    if (r.contradictions.some((id) => !found.contradictions[id])) throw new Error(r.row.id + " has an unknown contradiction");
    if (r.contradictions.length > 0) contradicted++;
    last = r;
  }
  if (!page.next) break;
  after = page.next;
}
console.log("observations", n);
console.log("sum", sum.toFixed(2));
console.log("contradicted", contradicted);

// A permanent link leads to the row.
const linked = (await (await fetch(last!.link)).json()) as { data: { id: string } };
console.log("link", linked.data.id === last!.row.id);

// The definition, source and place of a value, and what contradicts it.
const explained = (await call("explain", { id: "obs-0001" })).structured;
console.log("explained", explained.statement.row.value, explained.statement.row.source, explained.place, Object.keys(explained.references).join(" "));

const searched = (await call("search", { q: "5G", dataset: "observations", limit: 1 })).structured as Found;
console.log("searched", searched.results[0]!.total);

const described = (await call("describe", { dataset: "goals" })).structured;
console.log("described", described.columns.length);

// Mistakes, and what is allowed instead.
const wrong = await call("query", { dataset: "goals", parameters: { status: "acheived" } });
console.log("problem", wrong.isError, wrong.structured.error.parameter, wrong.structured.error.nearest, wrong.structured.error.allowed.length > 3);
console.log("problem", (await call("compare_releases", {})).text);
await client.close();
