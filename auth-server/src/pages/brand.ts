import { filesIn, pageParts, renamed, withColours, withHead } from '../../../brand/src/page.ts'
import type { Env } from '../env.ts'
import { type Contents, INDEX } from './files.ts'

/**
 * The pages with this brand in place of the one of their build. Undefined: they have no place for one, because an older version
 * built them, or they are not those of this repository.
 */
export function withBrand(built: Contents, brand: Env['brand']): Contents | undefined {
  const { head, colours, files } = pageParts(brand)
  const html = built.get(INDEX)?.toString() ?? ''
  const page = withHead(html, head)
  const sheet = styled(built, colours)
  if (page === undefined || !sheet) return undefined
  // All colours follow from those in the head: this is the brand of the build, and what it made is served as it is.
  if (page === html) return built
  const contents = new Map(built)
  for (const path of [sheet.path, ...filesIn(html)]) contents.delete(path)
  for (const { path, content } of files) contents.set(path, content)
  const path = renamed(sheet.path, sheet.css)
  contents.set(path, Buffer.from(sheet.css))
  // With its quotes, which are escaped in all that a brand says.
  return contents.set(INDEX, Buffer.from(page.replaceAll(`"${sheet.path}"`, () => `"${path}"`)))
}

/** The style sheet that has the colours of the brand, with these. */
function styled(contents: Contents, colours: string): { path: string; css: string } | undefined {
  for (const [path, content] of contents) {
    const css = path.endsWith('.css') ? withColours(content.toString(), colours) : undefined
    if (css !== undefined) return { path, css }
  }
  return undefined
}
