import { useCallback, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLocation, useSearch } from 'wouter'
import { announce, useAnnounceWhen } from '../../components/announcer.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { CallbackError } from '../../components/providers/CallbackError.tsx'
import { useLoad } from '../../components/useLoad.ts'
import { useFeatures, useServices } from '../../services.ts'
import { useTexts } from '../../texts/language.tsx'
import { AccountSection } from '../AccountSection.tsx'
import { RemoveDialog } from '../RemoveDialog.tsx'
import type { SectionProps } from '../sections.ts'
import { connectionTexts } from '../texts.ts'
import { fetchMethods, refusals, removeMethod } from './calls.ts'
import { MethodItem } from './MethodItem.tsx'
import { MethodsPlaceholder } from './MethodsPlaceholder.tsx'
import { type Entry, entriesOf } from './methods.ts'
import { signInMethodsTexts } from './texts.ts'
import './sign-in-methods.css'

/** How the user gets in, and what can be added to that. Nothing where there is only a password, and nothing to add. */
export function SignInMethods(props: SectionProps) {
  const features = useFeatures()
  return features && features.providers.length > 0 ? <Methods {...props} providers={features.providers} /> : null
}

function Methods({ id, providers }: SectionProps & Parameters<typeof entriesOf>[1]) {
  const texts = useTexts(signInMethodsTexts)
  const shared = useTexts(connectionTexts)
  const { auth } = useServices()
  const [asked, setAsked] = useState<Entry | null>(null)
  const { loaded, setLoaded, retry } = useLoad(
    useCallback(() => fetchMethods(auth), [auth]),
    texts.loaded,
  )
  useEffect(() => {
    // It comes when the features are known, after the page has looked for what its address names.
    if (location.hash === `#${id}`) document.querySelector<HTMLElement>(`#${id} h2`)?.focus()
  }, [id])
  const nameOf = ({ providerId, name }: Entry) => (providerId === 'credential' ? texts.password : name)

  async function remove(entry: Entry): Promise<void> {
    if (!entry.method) return
    const gone = entry.method.id
    await removeMethod(auth, gone)
    // The control that did it goes, so the focus goes to the heading.
    flushSync(() => {
      setAsked(null)
      setLoaded((now) =>
        now.kind === 'ready'
          ? { kind: 'ready', value: now.value.filter((method) => method.id !== gone) }
          : { kind: 'loading' },
      )
    })
    document.querySelector<HTMLElement>(`#${id} h2`)?.focus()
    announce(shared.removed(nameOf(entry)))
  }

  return (
    <AccountSection id={id} title={texts.title} hint={texts.hint} isLoading={loaded.kind === 'loading'}>
      <CallbackError />
      <Connected providers={providers} />
      {loaded.kind === 'loading' && <MethodsPlaceholder providers={providers} />}
      {loaded.kind === 'failed' && (
        <ErrorNote
          what={texts.notLoaded}
          error={loaded.error}
          retry={{ isRetrying: loaded.isRetrying, onRetry: retry }}
        />
      )}
      {loaded.kind === 'ready' && (
        <ul className="methods">
          {entriesOf(loaded.value, { providers }).map((entry) => (
            <MethodItem
              key={entry.method?.id ?? entry.providerId}
              entry={entry}
              name={nameOf(entry)}
              onRemove={() => setAsked(entry)}
            />
          ))}
        </ul>
      )}
      {asked && (
        <RemoveDialog
          name={nameOf(asked)}
          reason={texts.removeReason(nameOf(asked))}
          refusals={refusals}
          remove={() => remove(asked)}
          onCancel={() => setAsked(null)}
        />
      )}
    </AccountSection>
  )
}

/** The provider's page has led the browser back: `?connected=`. */
function Connected({ providers }: Parameters<typeof entriesOf>[1]) {
  const shared = useTexts(connectionTexts)
  const [path, navigate] = useLocation()
  const inAddress = new URLSearchParams(useSearch()).get('connected')
  const [connected] = useState(inAddress)
  const name = providers.find(({ id }) => id === connected)?.name
  const text = name === undefined ? '' : shared.connected(name)
  useAnnounceWhen(text !== '', text)

  useEffect(() => {
    if (inAddress !== null) navigate(path + location.hash, { replace: true })
  }, [inAddress, path, navigate])

  return text !== '' && <p className="done">{text}</p>
}
