import type { Subject } from './finding.ts'
import { APP_ROWS } from './subjects/app-rows.ts'
import { CLOCKS } from './subjects/clocks.ts'
import { DATABASE } from './subjects/database.ts'
import { NEIGHBOURS } from './subjects/neighbours.ts'
import { PASSWORDS } from './subjects/passwords.ts'
import { POOLER } from './subjects/pooler.ts'
import { REPLICATION } from './subjects/replication.ts'
import { ROLES } from './subjects/roles.ts'
import { SCHEMA } from './subjects/schema.ts'
import { SECRETS } from './subjects/secrets.ts'
import { SETTINGS } from './subjects/settings.ts'
import { UPKEEP } from './subjects/upkeep.ts'
import { USERS } from './subjects/users.ts'

/** Every check, in the order of the report. docs/doctor.md lists what each may find. */
export const CHECKS: readonly Subject[] = [
  SETTINGS,
  SECRETS,
  DATABASE,
  POOLER,
  REPLICATION,
  CLOCKS,
  ROLES,
  SCHEMA,
  USERS,
  PASSWORDS,
  UPKEEP,
  APP_ROWS,
  NEIGHBOURS,
]
