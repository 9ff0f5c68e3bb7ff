/** What a new account has; all that can move is what is below. */
export function ActivityPlaceholder() {
  return (
    <div className="placeholder activity" aria-hidden="true">
      <div className="event">
        <p className="event-title">&nbsp;</p>
        <p className="quiet">&nbsp;</p>
        <p className="quiet event-time">&nbsp;</p>
      </div>
    </div>
  )
}
