// Runs the SQL of its argument in DuckDB and prints the rows as CSV. Addresses in
// it are loaded first and replaced by files: DuckDB would load an extension to
// read them itself, which needs the internet.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const folder = await mkdtemp(join(tmpdir(), 'duckdb-'))
try {
  let sql = process.argv[2]
  for (const [i, address] of [...new Set(sql.match(/https?:\/\/[^']*/g))].entries()) {
    const answer = await fetch(address)
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
    const file = join(folder, `${i}${extname(new URL(address).pathname) || '.csv'}`)
    await writeFile(file, Buffer.from(await answer.arrayBuffer()))
    sql = sql.replaceAll(address, file)
  }
  const database = await (await DuckDBInstance.create(':memory:')).connect()
  const rows = await database.runAndReadAll(sql)
  for (const row of rows.getRowsJson()) console.log(row.join(','))
} finally {
  await rm(folder, { recursive: true })
}
