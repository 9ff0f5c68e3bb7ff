import { z } from 'zod'

/** RFC 5322 atext: ASCII only, so that no two addresses look the same. */
const ATEXT = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
const TOP = '(?:[A-Za-z]{2,}|[Xx][Nn]--[A-Za-z0-9-]*[A-Za-z0-9])'

/** A dot-atom at a domain name. No quoted local parts, comments or address literals: nobody has one, and programs read them differently. */
export const ADDRESS = `^${ATEXT}(?:\\.${ATEXT})*@(?:${LABEL}\\.)+${TOP}$`

/**
 * Makes zod's z.email() accept every address that is one, `a&b@example.com` too. better-auth calls z.email() in a dozen places
 * (sign-up, sign-in, the links in mails), some compiled when it is loaded, and offers no option; they share one RegExp.
 */
export function takeAllAddresses(): void {
  z.core.regexes.email.compile(ADDRESS)
}
