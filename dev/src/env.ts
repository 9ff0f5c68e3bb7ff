/** The only place of `dev/` that reads the environment. */
export const environment: NodeJS.ProcessEnv = process.env

export function readInboxEnv() {
  const { SMTP_PORT, MAIL_PORT, INBOX_HOST = '127.0.0.1', INBOX_PORT = MAIL_PORT, BRAND_FOLDER } = environment
  return {
    host: INBOX_HOST,
    smtpPort: Number(SMTP_PORT),
    /** Where it listens. In a container that is another than the one that Docker publishes. */
    port: Number(INBOX_PORT),
    /** The one that browsers name. */
    publicPort: Number(MAIL_PORT),
    brandFolder: BRAND_FOLDER,
  }
}

export function readProviderEnv() {
  const {
    PROVIDER_HOST = '127.0.0.1',
    PROVIDER_PORT,
    PROVIDER_ORIGIN = '',
    PUBLIC_URL = '',
    BRAND_FOLDER,
  } = environment
  return {
    host: PROVIDER_HOST,
    port: Number(PROVIDER_PORT),
    /** Its issuer, and where browsers and the auth server reach it. */
    origin: PROVIDER_ORIGIN,
    publicUrl: PUBLIC_URL,
    brandFolder: BRAND_FOLDER,
  }
}

/** https://no-color.org */
export function isColourWanted(stream: { isTTY?: boolean }): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
}

/** `make logs SERVICE=backend`, `make reset YES=1`. */
export const chosenService = environment.SERVICE ?? ''
/** `make admin EMAIL=ann@example.com`, `make psql SQL='SELECT 1'`, `make backup FILE=backup.dump`. */
export const chosenEmail = environment.EMAIL ?? ''
export const chosenSql = environment.SQL ?? ''
export const chosenFile = environment.FILE ?? ''
export const isSure = environment.YES === '1'
/** Where make was called; `make -C` moves to the repository first. Files on the command line are named from there. */
export const callerFolder = environment.CALLER_FOLDER || process.cwd()
