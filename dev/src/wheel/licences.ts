import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const Package = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  link: z.boolean().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
const Lock = z.object({ packages: z.record(z.string(), Package) })
type Packages = z.output<typeof Lock>['packages']

const NESTED = '/node_modules/'
const TEXTS = /^(?:licen[cs]e|copying|notice)/i

/** Every package that these workspaces are built from, with the texts of its licence. The same for the same lock file. */
export function thirdPartyLicences(root: string, workspaces: readonly string[]): string {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  const places = [...closure(packages, workspaces)].filter((place) => existsSync(join(root, place))).toSorted()
  const sections = places.map((place) => section(root, place, packages))
  return `${['The auth server and its pages are built from these packages.', ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`
}

function closure(packages: Packages, workspaces: readonly string[]): Set<string> {
  const found = new Set<string>()
  const look = (from: string) => {
    const { dependencies, optionalDependencies } = packages[from] ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const place = resolve(packages, from, name)
      if (place === undefined || found.has(place)) continue
      found.add(place)
      look(place)
    }
  }
  for (const workspace of workspaces) look(workspace)
  return found
}

/** As Node finds it: below the package that asks, then below each around it. Undefined: optional, and for other machines. */
function resolve(packages: Packages, from: string, name: string): string | undefined {
  const around = [from]
  for (let at = from; at.includes(NESTED); around.push(at)) at = at.slice(0, at.lastIndexOf(NESTED))
  const places = [...around.map((folder) => `${folder}${NESTED}${name}`), `node_modules/${name}`]
  return places.find((place) => place in packages)
}

function section(root: string, place: string, packages: Packages): string {
  const folder = join(root, place)
  const texts = readdirSync(folder)
    .filter((name) => TEXTS.test(name))
    .toSorted()
  const { version = '', license = 'see the package' } = packages[place] ?? {}
  const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
  return [
    `${name} ${version} (${license})`,
    ...texts.map((text) => readFileSync(join(folder, text), 'utf8').trim()),
  ].join('\n\n')
}
