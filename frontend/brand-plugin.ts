import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { sep } from 'node:path'
import type { HtmlTagDescriptor, Plugin, ViteDevServer } from 'vite'
import { colourProperties } from '../brand/src/css.ts'
import { iconOf } from '../brand/src/icon.ts'
import { type Brand, type Links, readBrand } from '../brand/src/read.ts'

interface File {
  /** With a hash of its content: servers let browsers keep what is below /assets for ever. */
  path: string
  type: string
  content: Buffer
}

interface ShownPicture {
  src: string
  width: number
  height: number
}

/** What the module `virtual:brand` gives to the pages. */
export interface ShownBrand {
  name: string
  logo: { light: ShownPicture; dark: ShownPicture; containsName: boolean } | null
  links: Links
}

const MODULE = 'virtual:brand'
const TYPES = { svg: 'image/svg+xml', png: 'image/png' }

/** Title, icon, theme colour, logo and colours of the pages, from the brand in this folder. */
export function brandPlugin(folder: string): Plugin {
  const brand = readBrand(folder)
  const { files, shown, icon } = filesOf(brand)
  return {
    name: 'brand',
    enforce: 'pre',
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : undefined),
    load: (id) => (id === `\0${MODULE}` ? `export const brand = ${JSON.stringify(shown)}` : undefined),
    // Into the file that has all other colours: a style sheet of its own would be one request more before a page is shown.
    transform: (code, id) =>
      /\/styles\/tokens\.css(?:\?|$)/.test(id)
        ? `${code}\n:root {\n${colourProperties(brand.colours)}\n}\n`
        : undefined,
    transformIndexHtml: { order: 'post', handler: () => tagsOf(brand, icon) },
    generateBundle() {
      for (const { path, content } of files) this.emitFile({ type: 'asset', fileName: path.slice(1), source: content })
    },
    configureServer(server) {
      restartOnChange(server, folder)
      server.middlewares.use((request, response, next) => {
        const file = files.find(({ path }) => path === request.url)
        if (file) response.writeHead(200, { 'content-type': file.type }).end(file.content)
        else next()
      })
    },
  }
}

function filesOf(brand: Brand) {
  const files: File[] = []
  const add = (name: string, type: keyof typeof TYPES, content: Buffer): File => {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 8)
    const file = { path: `/assets/${name}-${hash}.${type}`, type: TYPES[type], content }
    if (!files.some(({ path }) => path === file.path)) files.push(file)
    return file
  }
  const show = ({ path, type, width, height }: NonNullable<Brand['icon']>): ShownPicture => ({
    ...{ src: add('logo', type, readFileSync(path)).path, width, height },
  })
  const { type, content } = iconOf(brand)
  const icon = add('icon', type, content)
  const logo = brand.logo && {
    light: show(brand.logo.light),
    dark: show(brand.logo.dark),
    containsName: brand.logo.containsName,
  }
  return { files, icon, shown: { name: brand.name, logo, links: brand.links } satisfies ShownBrand }
}

function tagsOf({ name, colours }: Brand, icon: File): HtmlTagDescriptor[] {
  const theme = (scheme: 'light' | 'dark'): HtmlTagDescriptor => ({
    tag: 'meta',
    attrs: { name: 'theme-color', content: colours[scheme].accent, media: `(prefers-color-scheme: ${scheme})` },
  })
  const iconTag = (rel: string): HtmlTagDescriptor => ({
    tag: 'link',
    attrs: { rel, href: icon.path, type: icon.type },
  })
  const tags: HtmlTagDescriptor[] = [
    { tag: 'title', children: escapeHtml(name) },
    { tag: 'meta', attrs: { name: 'application-name', content: name } },
    theme('light'),
    theme('dark'),
    iconTag('icon'),
    // iOS takes no SVG.
    ...(icon.type === TYPES.png ? [iconTag('apple-touch-icon')] : []),
  ]
  // Behind the character set, which must come first.
  return tags.map((tag) => ({ ...tag, injectTo: 'head' }))
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** The configuration reads the brand again. */
function restartOnChange(server: ViteDevServer, folder: string): void {
  server.watcher.add(folder)
  server.watcher.on('change', (path) => {
    if (path.startsWith(folder + sep)) void server.restart()
  })
}
