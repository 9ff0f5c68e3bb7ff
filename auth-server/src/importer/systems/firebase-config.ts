import type { Settings } from '../system.ts'

/** The hash parameters of a project, without its signer key. */
export type FirebaseConfig = { separator: string; rounds: number; memCost: number }
type Read = { config: FirebaseConfig; signerKey: string }

const NAMES: Record<string, string> = {
  algorithm: 'algorithm',
  base64_signer_key: 'signerKey',
  signerKey: 'signerKey',
  base64SignerKey: 'signerKey',
  base64_salt_separator: 'separator',
  saltSeparator: 'separator',
  base64SaltSeparator: 'separator',
  rounds: 'rounds',
  mem_cost: 'memCost',
  memoryCost: 'memCost',
  memCost: 'memCost',
}

/** What the console shows (`hash_config { … }`), or JSON with the same names. */
export function readFirebaseConfig(text: string): Read | string {
  const found: Record<string, string> = {}
  for (const [, name = '', quoted, bare] of text.matchAll(/"?(\w+)"?\s*:\s*(?:"([^"]*)"|([^\s,{}"]+))/g)) {
    const known = NAMES[name]
    if (known !== undefined) found[known] = quoted ?? bare ?? ''
  }
  const { algorithm = 'SCRYPT', signerKey = '', separator = '', rounds = '', memCost = '' } = found
  if (algorithm.toUpperCase() !== 'SCRYPT')
    return `its algorithm is ${algorithm.slice(0, 30)}: only SCRYPT, which Firebase writes, is known`
  const isWhole = signerKey !== '' && separator !== '' && /^\d{1,3}$/.test(rounds) && /^\d{1,3}$/.test(memCost)
  if (!isWhole) return 'base64_signer_key, base64_salt_separator, rounds and mem_cost are not all in it'
  return { config: { separator, rounds: Number(rounds), memCost: Number(memCost) }, signerKey }
}

/** Why no password could be taken, and exactly what to do about it. The key itself is never shown. */
export function firebaseProblems({ hashConfig, legacyKey }: Settings): string[] {
  if (hashConfig === undefined) {
    return [
      'Firebase’s hashes need the hash parameters of the project: Authentication, Users, ⋮, Password hash parameters; save them and say --hash-config FILE',
    ]
  }
  const read = readFirebaseConfig(hashConfig)
  if (typeof read === 'string') return [`--hash-config: ${read}`]
  if (legacyKey === undefined) {
    return [
      'the signer key must not be in the database: put base64_signer_key into LEGACY_KEY_1, for this command and for the auth server, and say --legacy-key 1',
    ]
  }
  if (isSameKey(legacyKey.value, read.signerKey)) return []
  return [`LEGACY_KEY_${legacyKey.number} is not the base64_signer_key of --hash-config: no password would be right`]
}

function isSameKey(one: string, other: string): boolean {
  return bytesOf(one).length > 0 && bytesOf(one).equals(bytesOf(other))
}

const bytesOf = (text: string) => Buffer.from(text.trim(), 'base64')
