import { fieldTexts } from '../components/form/texts.ts'
import type { User } from '../session/user.ts'
import { useTexts } from '../texts/language.tsx'
import { AccountSection } from './AccountSection.tsx'
import type { SectionProps } from './sections.ts'
import { accountTexts } from './texts.ts'

/** Who the user is here. */
export function Profile({ id, user }: SectionProps) {
  return (
    <AccountSection id={id} title={useTexts(accountTexts).profile}>
      <ProfileFacts user={user} />
    </AccountSection>
  )
}

function ProfileFacts({
  user: { name, email, emailVerified },
}: {
  user: Pick<User, 'name' | 'email' | 'emailVerified'>
}) {
  const texts = useTexts(accountTexts)
  const labels = useTexts(fieldTexts)
  return (
    <dl className="facts">
      <div>
        <dt>{labels.name}</dt>
        <dd>
          <bdi>{name}</bdi>
        </dd>
      </div>
      <div>
        <dt>{labels.email}</dt>
        <dd>
          <bdi>{email}</bdi>
          <span className={emailVerified ? 'badge good' : 'badge'}>
            {emailVerified ? texts.confirmed : texts.notConfirmed}
          </span>
        </dd>
      </div>
    </dl>
  )
}

/** Only its size counts: it is a name and an address of the usual length. */
const SOMEBODY = { name: '\u2007'.repeat(12), email: '\u2007'.repeat(20), emailVerified: true }

export function ProfilePlaceholder() {
  const texts = useTexts(accountTexts)
  return (
    <div className="card account-section placeholder" aria-hidden="true">
      <p className="placeholder-heading">{texts.profile}</p>
      <ProfileFacts user={SOMEBODY} />
    </div>
  )
}
