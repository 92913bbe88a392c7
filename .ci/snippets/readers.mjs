// Reads a file with a library of its format and prints one JSON object for each row, with
// the cells as CSV has them.
import { DuckDBInstance } from '@duckdb/node-api'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import JSONstat from 'jsonstat-toolkit'
import { readFile } from 'node:fs/promises'

const text = (v) => {
  if (v === null || v === undefined) return ''
  if (Array.isArray(v)) return v.map(text).join(' ')
  if (v instanceof Date) return v.toISOString().slice(0, 10)
  return String(v)
}

const readers = {
  async duckdb(file) {
    const database = await (await DuckDBInstance.create(':memory:')).connect()
    return (await database.runAndReadAll(`SELECT * FROM read_parquet('${file}')`)).getRowObjectsJson()
  },
  async hyparquet(file) {
    return parquetReadObjects({ file: await asyncBufferFromFile(file) })
  },
  async jsonstat(file) {
    const rows = JSONstat(JSON.parse(await readFile(file, 'utf8'))).toTable({ type: 'arrobj', content: 'id', status: true })
    return rows.filter((row) => row.value !== null)
  },
}

const [, , reader, file] = process.argv
for (const row of await readers[reader](file)) {
  console.log(JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)]))))
}
