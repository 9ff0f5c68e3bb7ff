import type { BetterAuthPlugin } from 'better-auth'
import type { Env } from '../../env.ts'
import type { Consume, Mails } from '../mails/mails.ts'
import { askForCode, askForLink } from './ask.ts'
import { signInByCode } from './code.ts'
import type { Finishing } from './finish.ts'
import { signInByLink } from './link.ts'

type Parts = Finishing & { env: Pick<Env, 'MAGIC_LINK' | 'EMAIL_CODE'>; mails: Mails; consume: Consume }

/** In place of better-auth's plugins magicLink and emailOTP, at their paths: docs/decisions/0064-sign-in-by-mail.md */
export const mailedSignIn = ({ env, mails, consume, observation }: Parts) =>
  ({
    id: 'mailed-sign-in',
    endpoints: {
      signInMagicLink: askForLink({ mails, env, observation }),
      sendVerificationOTP: askForCode({ mails, env, observation }),
      magicLinkVerify: signInByLink({ observation }),
      signInEmailOTP: signInByCode({ observation }, consume),
    },
  }) satisfies BetterAuthPlugin
