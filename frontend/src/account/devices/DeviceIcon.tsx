const PATHS: Record<string, string> = {
  computer: 'M4 5h16v10H4zM2 19h20',
  phone: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  tablet: 'M6 3h12a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  program: 'M4 5h16v14H4zM8 10l3 2.5L8 15M13 15h3',
}
const UNKNOWN = 'M4 5h16v14H4zM12 15.5v.01M10 9.5a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1v.6'

/** Stands beside the name, so it is no text. */
export function DeviceIcon({ kind }: { kind: string | null }) {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" className="icon device-icon">
      <path d={PATHS[kind ?? ''] ?? UNKNOWN} />
    </svg>
  )
}
