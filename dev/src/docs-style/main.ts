import { writeFileSync } from 'node:fs'
import { docsStyle, stylePath } from './style.ts'

writeFileSync(stylePath, docsStyle())
