import { ProfilePlaceholder } from '../account/ProfileCard.tsx'
import { Page } from '../components/Page.tsx'
import { NotesPlaceholder } from '../notes/NotesPlaceholder.tsx'
import { useServices } from '../services.ts'
import '../notes/notes.css'

/** Only its size counts: it is a name and an address of the usual length. */
const SOMEBODY = { name: '\u2007'.repeat(12), email: '\u2007'.repeat(20) }

/** Stands for the home page until it is known whose it is. */
export function HomePlaceholder() {
  const { appUrl } = useServices()
  return (
    <Page layout="wide">
      <div className="placeholder" aria-hidden="true">
        <p className="placeholder-title">{SOMEBODY.email}</p>
      </div>
      <div className="card">
        <ProfilePlaceholder user={SOMEBODY} />
      </div>
      {appUrl === undefined && (
        <div className="card notes">
          <div className="placeholder form" aria-hidden="true">
            <p className="placeholder-heading">{SOMEBODY.name}</p>
            <div className="field">
              <p>{SOMEBODY.name}</p>
              <div className="placeholder-input" />
            </div>
            <div className="actions">
              <span className="button placeholder-button">{SOMEBODY.name}</span>
            </div>
          </div>
          <NotesPlaceholder />
        </div>
      )}
    </Page>
  )
}
