// Reads CSV files by a Table Schema with the Frictionless library and prints every
// cell that it refuses. The argument is a file with a JSON list of
// {file, delimiter, schema}.
import { readFile } from 'node:fs/promises'
import { Schema, Table } from 'tableschema'

for (const { file, delimiter, schema } of JSON.parse(await readFile(process.argv[2], 'utf8'))) {
  const described = await Schema.load(schema, { strict: true })
  const table = await Table.load(file, { schema: described, delimiter, bom: true })
  let rows = 0
  const stream = await table.iter({ forceCast: true })
  for await (const row of stream) {
    rows++
    if (row instanceof Error) for (const e of row.multiple ? row.errors : [row]) console.log(`${file} row ${row.rowNumber}: ${e.message}`)
  }
  console.log(`${file}: ${rows} rows`)
}
