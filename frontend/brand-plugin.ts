import { sep } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'
import { pageParts, withHead } from '../brand/src/page.ts'
import { readBrand } from '../brand/src/read.ts'

/** Title, icon, theme colour, logo and colours of the pages, from the brand in this folder. */
export function brandPlugin(folder: string): Plugin {
  const { head, style, files } = pageParts(readBrand(folder))
  return {
    name: 'brand',
    enforce: 'pre',
    // Into the file that has all other colours: a style sheet of its own would be one request more before a page is shown.
    transform: (code, id) => (/\/styles\/tokens\.css(?:\?|$)/.test(id) ? `${code}\n${style}\n` : undefined),
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const page = withHead(html, head)
        if (page === undefined) throw new Error('index.html has no place for the brand: <!-- brand --><!-- /brand -->')
        return page
      },
    },
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

/** The configuration reads the brand again. */
function restartOnChange(server: ViteDevServer, folder: string): void {
  server.watcher.add(folder)
  server.watcher.on('change', (path) => {
    if (path.startsWith(folder + sep)) void server.restart()
  })
}
