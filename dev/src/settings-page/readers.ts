import { join } from 'node:path'
import { z } from 'zod'
import { Variables as AuthServerVariables } from '../../../auth-server/src/env.ts'
import { readEnv as readFrontendEnv } from '../../../frontend/env.ts'
import { environment } from '../env.ts'
import { repository } from '../paths.ts'
import { run } from '../processes/run.ts'
import { Shape as MakeVariables } from '../settings/settings.ts'

/** What this page needs of a JSON Schema. */
const Property = z.object({
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.union([z.string(), z.number(), z.array(z.string())]).nullish(),
})
const Properties = z.object({
  properties: z.record(z.string(), Property.extend({ anyOf: z.array(Property).optional() })),
  required: z.array(z.string()).default([]),
})

export type Rule = { isRequired: boolean; default: string; choices: string[]; range: string }
/** A program, and the variables that it reads. A rule is missing where the program has no schema to read it from. */
export type Reader = { name: string; rules: Record<string, Rule | undefined> }

export async function readers(): Promise<Reader[]> {
  const [backend, sidecar] = await pythonSchemas()
  return [
    { name: 'auth-server', rules: rulesOf(zodSchema(AuthServerVariables)) },
    { name: 'backend', rules: rulesOf(backend) },
    { name: 'auth_sidecar', rules: rulesOf(sidecar) },
    { name: 'frontend', rules: namesReadBy(readFrontendEnv) },
    { name: 'make', rules: rulesOf(zodSchema(MakeVariables)) },
  ]
}

function zodSchema(shape: z.ZodType): unknown {
  return z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' })
}

const script = `
import json
from app.config import DatabaseSettings, ServiceSettings
from auth_sidecar import SidecarSettings

def schema(*kinds):
    found = [kind.model_json_schema() for kind in kinds]
    properties = {name.upper(): rule for one in found for name, rule in one["properties"].items()}
    required = [name.upper() for one in found for name in one.get("required", [])]
    return {"properties": properties, "required": required}

print(json.dumps([schema(ServiceSettings, DatabaseSettings), schema(SidecarSettings)]))
`

/** The backend's own, and those of the package that it has installed. */
async function pythonSchemas(): Promise<[unknown, unknown]> {
  const folder = join(repository, 'backend-fastapi')
  const { code, output } = await run([join(repository, '.venv', 'bin', 'python'), '-c', script], {
    cwd: folder,
    env: { ...environment, PYTHONPATH: `${folder}:${join(folder, 'auth_sidecar', 'src')}` },
  })
  if (code !== 0) throw new Error(`The backend's settings cannot be read:\n${output}`)
  return z.tuple([z.unknown(), z.unknown()]).parse(JSON.parse(output))
}

function rulesOf(schema: unknown): Reader['rules'] {
  const { properties, required } = Properties.parse(schema)
  return Object.fromEntries(
    Object.entries(properties).map(([name, { anyOf, ...own }]) => {
      const property = { ...anyOf?.[0], ...own } // "this or null" is how pydantic writes what may be missing
      const rule: Rule = {
        isRequired: required.includes(name),
        default: written(property.default),
        choices: property.enum ?? [],
        range: rangeOf(property),
      }
      return [name, rule]
    }),
  )
}

function written(value: z.output<typeof Property>['default']): string {
  return [value ?? ''].flat().join(',')
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: z.output<typeof Property>): string {
  if (exclusiveMinimum !== undefined) return `more than ${exclusiveMinimum}, up to ${maximum}`
  return minimum === undefined ? '' : `${minimum}–${maximum}`
}

/** The frontend has no schema: what it asks an empty environment for is what it reads. */
function namesReadBy(read: (source: Record<string, string | undefined>) => unknown): Reader['rules'] {
  const names: Reader['rules'] = {}
  const recorder = (_: object, name: string | symbol) => {
    names[String(name)] = undefined
    return undefined
  }
  read(new Proxy({}, { get: recorder }))
  return names
}
