/**
 * Which paths are pages: those of `src/paths.ts`, as the app's router reads them, in any case and with or without a slash at
 * the end. The Caddyfile has the same pattern, since Caddy cannot read that file; a test compares them.
 */
export function pagePattern(paths: readonly string[]): string {
  const alternatives = paths.map((path) => path.replace(/\/$/, '').replace(/:\w+/g, '[^/]+'))
  return `^(?:${alternatives.join('|')})/?$`
}
