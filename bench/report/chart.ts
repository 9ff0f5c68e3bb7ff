import type { Comparison } from '../measurements/contenders.ts'
import { figure } from './format.ts'

const ROW = 34
const LEFT = 190
const WIDTH = 520
const TOP = 64
/** The axis: from 1 µs to 10 ms. */
const DECADES = 4

/** Bars on a logarithmic axis: what authentication costs, in all processes together. Follows the reader's dark mode. */
export function chart(all: Comparison[]): string {
  const height = TOP + all.length * ROW + 34
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 ${height}" role="img" font-family="system-ui, sans-serif" font-size="14">
<title>CPU time that authentication costs for each request</title>
<style>
  text { fill: #1f2328 } .quiet { fill: #59636e } .grid { stroke: #d1d9e0 } .bar { fill: #8c959f } .ours { fill: #1f883d }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .bar { fill: #656c76 } .ours { fill: #3fb950 }
  }
</style>
<text x="0" y="18" font-size="16" font-weight="600">CPU time that authentication costs for each request</text>
<text x="0" y="40" class="quiet">service, auth server and PostgreSQL together; logarithmic; throughput as a share of the route without auth</text>
${grid(height)}
${all.map(bar).join('\n')}
</svg>
`
}

function grid(height: number): string {
  return Array.from({ length: DECADES + 1 }, (_, power) => {
    const x = position(10 ** power)
    const label = ['1 µs', '10 µs', '100 µs', '1 ms', '10 ms'][power] ?? ''
    return `<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${height - 26}"/>
<text class="quiet" x="${x}" y="${height - 8}" text-anchor="middle">${label}</text>`
  }).join('\n')
}

function bar({ contender, auth, throughput }: Comparison, row: number): string {
  const spent = auth.service.median + auth.authServer.median + auth.postgres.median
  const y = TOP + row * ROW
  const end = position(spent)
  const kind = contender.module.startsWith('sidecar') ? 'ours' : 'bar'
  return `<text x="${LEFT - 10}" y="${y + 16}" text-anchor="end">${contender.name}</text>
<rect class="${kind}" x="${LEFT}" y="${y}" width="${end - LEFT}" height="22" rx="2"/>
<text x="${end + 8}" y="${y + 16}">${figure(spent)} µs <tspan class="quiet">· ${figure(throughput.median)} ×</tspan></text>`
}

function position(micros: number): number {
  const share = Math.log10(Math.max(1, micros)) / DECADES
  return Math.round(LEFT + Math.min(1, share) * WIDTH)
}
