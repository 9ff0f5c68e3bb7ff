/**
 * Tells the pages that they are served alone: without the example's backend, and where a user goes on from their home page.
 * In the page, not asked for: it decides what the first picture shows.
 * @param url empty: they stay
 */
export function withAppUrl(html: string, url: string): string {
  return html.replace('</head>', () => `  <meta name="app-url" content="${escapeHtml(url)}">\n  </head>`)
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
