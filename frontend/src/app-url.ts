/**
 * What the auth server writes into the pages that it serves itself (SERVE_PAGES): the address of the app that they belong to.
 * Undefined where another server has the pages, with the example's backend behind them; null where no address is set.
 */
export function readAppUrl(page: Pick<Document, 'querySelector'>): string | null | undefined {
  const content = page.querySelector('meta[name="app-url"]')?.getAttribute('content')
  return content === '' ? null : content
}
