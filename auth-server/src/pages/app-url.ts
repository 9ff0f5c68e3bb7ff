import { type Contents, INDEX } from './files.ts'

/**
 * Tells the pages that they are served alone: without the example's backend, and where a user goes on from their home page.
 * In the page, not asked for: it decides what the first picture shows.
 * @param url empty: they stay
 */
export function withAppUrl(contents: Contents, url: string): Contents {
  const html = contents.get(INDEX)?.toString() ?? ''
  const page = html.replace('</head>', () => `  <meta name="app-url" content="${escapeHtml(url)}">\n  </head>`)
  return new Map(contents).set(INDEX, Buffer.from(page))
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
