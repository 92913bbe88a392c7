// Answers the SQL in the lines of its standard input in DuckDB, each with a line of JSON:
// the rows as texts.
import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'

const database = await (await DuckDBInstance.create(':memory:')).connect()
for await (const line of createInterface({ input: process.stdin })) {
  const rows = await database.runAndReadAll(JSON.parse(line))
  console.log(JSON.stringify(rows.getRowObjectsJson()))
}
