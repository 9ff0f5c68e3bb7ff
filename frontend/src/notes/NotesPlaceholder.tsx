/** As many as are in sight on most screens: all that can move is what is below them. */
const NOTES = [1, 2, 3, 4]

/** As tall as short notes, because it has their parts, unseen. */
export function NotesPlaceholder() {
  return (
    <div className="placeholder note-list" aria-hidden="true">
      {NOTES.map((note) => (
        <div key={note} className="note">
          <p className="note-text">&nbsp;</p>
          <p className="quiet">&nbsp;</p>
          <span className="button bare placeholder-button">&nbsp;</span>
        </div>
      ))}
    </div>
  )
}
