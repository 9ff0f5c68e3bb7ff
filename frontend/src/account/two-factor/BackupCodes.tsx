import { useTexts } from '../../texts/language.tsx'
import { CopyButton } from './CopyButton.tsx'
import { twoFactorTexts } from './texts.ts'

interface Props {
  codes: string[]
  /** Whose they are: a list on paper does not say it by itself. */
  account: string
  onDone: () => void
}

/** Shown once: from here the user takes them along. */
export function BackupCodes({ codes, account, onDone }: Props) {
  const texts = useTexts(twoFactorTexts)
  const title = texts.fileTitle(`${location.host}, ${account}`)
  const text = `${title}\n\n${codes.join('\n')}\n`

  return (
    <div className="two-factor-step backup-codes">
      <h3 tabIndex={-1}>{texts.saveCodes}</h3>
      <p>{texts.saveReason}</p>
      <p className="on-paper">
        <bdi>{title}</bdi>
      </p>
      <ul className="codes" translate="no">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="actions">
        <CopyButton text={text} label={texts.copy} />
        <button type="button" className="button plain" onClick={() => download(text)}>
          {texts.download}
        </button>
        <button type="button" className="button plain" onClick={() => window.print()}>
          {texts.print}
        </button>
      </div>
      <div className="actions">
        <button type="button" className="button" onClick={onDone}>
          {texts.saved}
        </button>
      </div>
    </div>
  )
}

/** No service is asked: the file is made here. */
function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'backup-codes.txt'
  link.click()
  URL.revokeObjectURL(url)
}
