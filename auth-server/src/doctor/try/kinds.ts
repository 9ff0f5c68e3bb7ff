import { subject } from '../finding.ts'

/** What `doctor --try` may say. An error keeps the user out; a note says how they get in. */
export const TRY = subject({
  title: 'Sign-in',
  good: 'nothing keeps this user out',
  kinds: {
    'try-no-address': { severity: 'error', why: 'It is refused before anybody is looked up.' },
    'try-no-account': { severity: 'error', why: 'Sign-in says "invalid e-mail or password", as for a wrong password.' },
    'try-sign-up-closed': { severity: 'warning', why: 'Nobody can create an account; administrators can.' },
    'try-address-changed': { severity: 'error', why: 'The user signs in with the newer one.' },
    'try-deleted': { severity: 'error', why: 'What was deleted does not come back.' },
    'try-other-case': {
      severity: 'error',
      why: 'Addresses are looked up in lower case and without blanks: this row is never found.',
    },
    'try-banned': { severity: 'error', why: 'Every session is refused, and a new one is not made.' },
    'try-unverified': {
      severity: 'error',
      why: 'With the right password, sign-in sends another mail and lets nobody in.',
    },
    'try-no-password': { severity: 'error', why: 'No password is ever right.' },
    'try-no-way-in': { severity: 'error', why: 'Nobody can sign in as this user.' },
    'try-account-id': { severity: 'error', why: 'A password is found by "accountId" = "userId": this one is not.' },
    'try-hash-unreadable': {
      severity: 'error',
      why: 'No password is ever right: what is stored is no hash that is known, or beyond what one may cost.',
    },
    'try-key-missing': {
      severity: 'error',
      why: 'The hash was made with a key of the old system, which is not set here.',
    },
    'try-guesses': {
      severity: 'error',
      why: 'Even the right password is refused, except in a browser that has signed in before.',
    },
    'try-network-address': {
      severity: 'error',
      why: 'Every sign-in from there is refused for the moment, whoever it is.',
    },
    'try-second-factor': {
      severity: 'info',
      why: 'After the password a code is asked for; without it there is no session.',
    },
    'try-second-factor-lost': { severity: 'error', why: 'A code is asked for, and none can be right.' },
    'try-second-factor-locked': {
      severity: 'error',
      why: 'Too many wrong codes: even the right one is refused for the moment.',
    },
    'try-other-ways': { severity: 'info', why: 'These are beside the password, or instead of it.' },
    'try-password-right': {
      severity: 'info',
      why: 'It was compared as a sign-in compares it. Nothing was counted, and no session was made.',
    },
    'try-password-wrong': { severity: 'error', why: 'Sign-in refuses it.' },
  },
  checks: [],
})

export type TryId = keyof (typeof TRY)['kinds']
