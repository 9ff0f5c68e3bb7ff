import { demoOrigins, demoProvider, demoServices } from './provider/demo.ts'
import { type Mode, type Settings, withVariables } from './settings/settings.ts'

/**
 * Settings that tell the services what development starts in place of the services of others. What is configured stays,
 * and outside of development nothing is added: users' mails must not end in a developer's inbox.
 */
export function withStandIns(settings: Settings, mode: Exclude<Mode, 'auto'>): Settings {
  const { variables, ports } = settings
  if (variables.NODE_ENV !== 'development') return settings
  const origin = demoOrigins[mode](ports.PROVIDER_PORT)
  // Without a key nothing can be kept.
  const isService = !variables.CONNECTED_SERVICES && Boolean(variables.ENCRYPTION_KEYS)
  return withVariables(settings, {
    ...(!variables.SMTP_URL && { SMTP_URL: inboxes[mode](ports.SMTP_PORT) }),
    ...(!variables.OIDC_PROVIDERS && { OIDC_PROVIDERS: JSON.stringify([demoProvider(origin)]) }),
    ...(isService && { CONNECTED_SERVICES: JSON.stringify(demoServices(origin)) }),
    // Says whose account it is, to whoever has its token.
    ...(isService && !variables.CONNECTED_EXAMPLE_URL && { CONNECTED_EXAMPLE_URL: `${origin}/me` }),
  })
}

const inboxes = {
  embedded: (port: number) => `smtp://127.0.0.1:${port}`,
  /** By the name and the port that it has on the containers' network. */
  compose: (_port: number) => 'smtp://mail:1025',
}

/** Whether anybody is told of the demo provider. */
export function usesDemoProvider(settings: Settings): boolean {
  const { OIDC_PROVIDERS, CONNECTED_SERVICES } = withStandIns(settings, 'embedded').variables
  const { variables } = settings
  return OIDC_PROVIDERS !== variables.OIDC_PROVIDERS || CONNECTED_SERVICES !== variables.CONNECTED_SERVICES
}
