/**
 * What is done with a row. `known`: an earlier run brought it; `updated`: that, and the old system has a new password for
 * it; `linked`: another way to sign in of a user who is there.
 */
export type Outcome =
  | 'import'
  | 'import-no-password'
  | 'import-banned'
  | 'linked'
  | 'updated'
  | 'known'
  | 'skip'
  | 'conflict'

/** Why a row is left out. */
const LEFT_OUT = {
  deleted: 'deleted in the old system',
  anonymous: 'an anonymous account',
  'not-a-person': 'a service account, no person',
  'no-email': 'no e-mail address',
  'bad-email': 'its e-mail address is none that can sign in here',
  'bad-id': 'its id is empty, or too long for an id',
  'duplicate-skipped': 'another row has its e-mail address, and --duplicates left it out',
  'linked-account': 'it signs in to the user with its verified address',
  'address-kept': 'an account here has its e-mail address, and keeps it',
  'account-kept': 'an account here has its sign-in at a provider, and keeps it',
} as const

/** Why the run stops until the operator has decided. */
const CONFLICTS = {
  'same-id': 'another row has the same id',
  'same-address': 'another row has the same e-mail address, but for capitals',
  'same-account': 'another row has the same sign-in at a provider',
  'address-here': 'an account here has its e-mail address',
  'account-here': 'an account here has its sign-in at a provider',
  'id-here': 'an account here has its id: say --id-prefix',
  'other-person': 'this source brought another person with this id: say --source',
} as const

/** Why, or what happened on the way. The report, the terminal and docs/moving-in.md have them from here. */
export const REASONS = {
  ...LEFT_OUT,
  ...CONFLICTS,

  // The user comes, the password does not.
  'no-password': 'no password in the old system',
  'weak-hash': 'its password hash is guessed in no time: --allow-weak takes it',
  'hash-unknown': 'its password hash is of no known form',
  'hash-cut': 'its password hash was cut off',
  'hash-limits': 'its password hash costs more than any system writes, or is malformed',
  'hash-foreign': 'its password is checked by another system, such as LDAP',

  // The user comes, and this should be known.
  'digest-wrapped': 'its bare digest was wrapped in argon2id',
  'hash-repaired': 'its password hash was stored with something around it, which was taken off',
  'random-password': 'its password may be a random one that nobody knows',
  'name-from-email': 'it has no name: the part of the address before @',
  'name-cleaned': 'control characters were taken out of its name, or it was cut to what a name may have',
  'image-dropped': 'its image is no http or https address',
  'future-date': 'it was made in the future: now',
  'was-admin': 'an administrator there: --admins makes it one here',
  'locked-there': 'locked for a while in the old system, which is no ban',
  'phone-lost': 'its phone number is not taken',
  'totp-lost': 'its second factor is not taken: it has to be set up again',
  'addresses-lost': 'its further e-mail addresses are not taken',
  'accounts-unknown': 'it signed in at a provider that the export does not name',
  'account-lost': 'a sign-in at a provider cannot be taken',
  'password-kept': 'its password changed here and there: ours stays',
  'other-address': 'here already with another address: its new password is not taken',
  'gone-here': 'imported before, and deleted here since: it stays deleted',
} as const satisfies Record<string, string>

export type Reason = keyof typeof REASONS

/** That the row is not written is for this, and not a thing that happened on the way. */
export const isDecisive = (reason: Reason) => reason in LEFT_OUT || reason in CONFLICTS
