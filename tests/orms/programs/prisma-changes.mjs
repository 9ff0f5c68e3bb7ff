// prisma-changes.mjs FILE URL SCHEMA: what `prisma migrate diff` proposes, from the database to the models of the file.
import { readFile } from 'node:fs/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

const [path, url, schema] = process.argv.slice(2)
const { CHAR, TEXT } = pg.types.builtins

/** Of rows: which columns have the type "char", as many of a catalog. The adapter refuses it, and the engine wants it. */
const charColumns = new WeakMap()

class Pool extends pg.Pool {
  async query(...parameters) {
    const result = await super.query(...parameters)
    const columns = result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR ? [index] : []))
    for (const column of columns) result.fields[column].dataTypeID = TEXT
    charColumns.set(result.rows, columns)
    return result
  }
}

class Prisma extends PrismaPg {
  async connect() {
    const connection = await super.connect()
    const queryRaw = connection.queryRaw.bind(connection)
    connection.queryRaw = async (query) => {
      const result = await queryRaw(query)
      for (const column of charColumns.get(result.rows)) result.columnTypes[column] = ColumnTypeEnum.Character
      return result
    }
    return connection
  }
}

/** As the package's own entry does, which imports wasm: Node cannot without a flag. */
async function load() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) }
  const file = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const { instance } = await WebAssembly.instantiate(await readFile(file), { './schema_engine_bg.js': engine })
  engine.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

await load()
const pool = new Pool({ connectionString: url })
const schemas = schema === 'public' ? '' : `schemas = ["public", "${schema}"]`
const files = [
  { path: 'schema.prisma', content: `datasource db {\n  provider = "postgresql"\n  ${schemas}\n}\n` },
  { path, content: await readFile(path, 'utf8') },
]
const schemaEngine = await engine.SchemaEngine.new(
  { datamodels: files.map((file) => [file.path, file.content]) },
  () => undefined,
  bindMigrationAwareSqlAdapterFactory(new Prisma(pool)),
)
const { exitCode, stdout } = await schemaEngine.diff({
  from: { tag: 'schemaDatasource', files, configDir: '.' },
  to: { tag: 'schemaDatamodel', files },
  script: true,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
})
await pool.end()
process.stdout.write(JSON.stringify(exitCode === 0 ? [] : [stdout]))
