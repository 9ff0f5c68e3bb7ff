import { createDiscovery } from '../../auth/providers/discovery.ts'
import { requestAs } from '../../auth/providers/request.ts'
import { discover } from '../../connected/oauth.ts'
import { fetchText } from '../../http/fetch-text.ts'
import { trySmtp } from '../../mail/smtp.ts'
import { readKeys } from '../../old-tokens/key-set.ts'
import { tryRange } from '../../passwords/breached.ts'
import { type Examined, type Found, shell, shellWord, subject } from '../finding.ts'
import { reasonIn } from '../reason.ts'

export const NEIGHBOURS = subject({
  title: 'Neighbours',
  good: 'mail server, providers and services respond',
  kinds: {
    'mail-unreachable': {
      severity: 'error',
      why: 'No link and no code is delivered; mails wait in the outbox for a day.',
    },
    'provider-unreachable': {
      severity: 'warning',
      why: 'Whoever signs in there cannot, and nothing here can change that.',
    },
    'service-unreachable': { severity: 'warning', why: 'It cannot be connected, and its tokens cannot be refreshed.' },
    'old-token-keys-unreachable': {
      severity: 'error',
      why: 'Whoever has only an old token cannot be identified: each is a 503, and none is exchanged.',
    },
    'breached-unreachable': { severity: 'warning', why: 'New passwords are compared with the short local list alone.' },
  },
  checks: [
    { name: 'mail', of: 'network', run: mail },
    { name: 'providers', of: 'network', run: providers },
    { name: 'connected services', of: 'network', run: services },
    { name: 'keys of old tokens', of: 'network', run: oldTokenKeys },
    { name: 'breached passwords', of: 'network', run: breached },
  ],
})

const PATIENCE_MS = 4000

async function mail({ env: { SMTP_URL } }: Examined): Promise<Found<'mail-unreachable'>[]> {
  if (SMTP_URL === undefined) return []
  const reason = await failureOf(trySmtp({ SMTP_URL }, PATIENCE_MS))
  if (reason === undefined) return []
  const { protocol, host } = new URL(SMTP_URL)
  return [
    {
      id: 'mail-unreachable',
      what: `The mail server ${protocol}//${host} of SMTP_URL takes no mail: ${reason}.`,
      fix: [shell("export SMTP_URL='smtp://USER:PASSWORD@HOST:587'", { note: 'smtps:// for port 465; docs/mail.md' })],
    },
  ]
}

async function providers({ env }: Examined): Promise<Found<'provider-unreachable'>[]> {
  const found = await Promise.all(
    env.providers.map(async (provider): Promise<Found<'provider-unreachable'>[]> => {
      const isGitHub = provider.kind === 'github'
      const [url, reason] = isGitHub
        ? [GITHUB, await failureOf(reach(GITHUB))]
        : [provider.issuer, await failureOf(createDiscovery(provider, requestAs(provider.id, PATIENCE_MS))())]
      if (reason === undefined) return []
      const what = `The provider ${provider.id} cannot be used: ${reason}.`
      return [{ id: 'provider-unreachable', what, fix: [fixOf(isGitHub ? url : discoveryOf(url))] }]
    }),
  )
  return found.flat()
}

async function services({ env }: Examined): Promise<Found<'service-unreachable'>[]> {
  const found = await Promise.all(
    env.connectedServices.map(async (service): Promise<Found<'service-unreachable'>[]> => {
      if (service.kind !== 'oauth' || service.issuer === undefined || service.endpoints !== undefined) return []
      const reason = await failureOf(discover(service, requestAs(service.id, PATIENCE_MS)))
      if (reason === undefined) return []
      const what = `The service ${service.id} cannot be used: ${reason}.`
      return [{ id: 'service-unreachable', what, fix: [fixOf(discoveryOf(service.issuer))] }]
    }),
  )
  return found.flat()
}

async function oldTokenKeys({ env: { oldTokens }, now }: Examined): Promise<Found<'old-token-keys-unreachable'>[]> {
  if (oldTokens?.key.kind !== 'jwks' || oldTokens.until.getTime() <= now()) return []
  const { url } = oldTokens.key
  const reason = await failureOf(readKeys(url, oldTokens.algorithm, PATIENCE_MS))
  if (reason === undefined) return []
  const what = `The keys at OLD_TOKENS_JWKS_URL cannot be used: ${reason}.`
  return [{ id: 'old-token-keys-unreachable', what, fix: [fixOf(url)] }]
}

async function breached({ env }: Examined): Promise<Found<'breached-unreachable'>[]> {
  if (env.BREACHED_PASSWORDS !== 'api') return []
  const reason = await failureOf(tryRange(env))
  if (reason === undefined) return []
  const { host } = new URL(env.BREACHED_PASSWORDS_URL)
  const fix = [
    shell('export BREACHED_PASSWORDS=local', {
      note: 'or let this server reach it, or a mirror of it: BREACHED_PASSWORDS_URL',
    }),
  ]
  return [
    {
      id: 'breached-unreachable',
      what: `The service of breached passwords at ${host} cannot be used: ${reason}.`,
      fix,
    },
  ]
}

const GITHUB = 'https://api.github.com/'

/** Any response will do: it is there. */
async function reach(url: string): Promise<void> {
  await fetchText(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
}

const discoveryOf = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
const fixOf = (url: string) =>
  shell(`curl -sSi ${shellWord(url)}`, { note: 'from this machine: a proxy, DNS, or a wrong issuer in the settings' })

async function failureOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => reasonIn(error instanceof Error && error.cause instanceof Error ? error.cause : error),
  )
}
