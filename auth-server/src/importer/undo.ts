import pg, { type ClientBase } from 'pg'
import { DatabaseTaskFailed } from '../database/task.ts'
import type { Env } from '../env.ts'
import { ask } from './ask.ts'
import { withImporter } from './connection.ts'
import { listRuns } from './ledger.ts'
import { type Names, readNames } from './names.ts'
import { grouped, startProgress, usersIn } from './progress.ts'
import type { Terminal } from './terminal.ts'
import {
  countsRows,
  countUsers,
  deleteUsers,
  findUsers,
  forgetLeftOut,
  keepUser,
  nextUsers,
  STAYS,
  touchedRows,
} from './undo-sql.ts'

const BATCH_ROWS = 500

type Parts = { env: Env; run: number; isSure: boolean; terminal: Terminal }

/** Deletes the users of a run who have never been here. Resolves with the exit code: 1 where nobody agreed to it. */
export async function undo({ env, run, isSure, terminal }: Parts): Promise<number> {
  const { say, paint } = terminal
  return withImporter(env, async (client) => {
    const names = await readNames(client, env)
    const known = (await listRuns(client, names)).filter((one) => one.run === run)
    if (known.length === 0) throw new DatabaseTaskFailed(`There is no run ${run}. See which there are: import --runs`)
    if (!(await countsRows(client))) {
      throw new DatabaseTaskFailed('track_counts is off in PostgreSQL: what a deletion takes along could not be seen.')
    }
    await findUsers(client, names, { run, auditDays: env.AUDIT_DAYS })
    const { goes } = await countUsers(client)
    say(`${paint.bold(`Undo of run ${run}`)}, ${known.map(({ source }) => source).join(', ')}`)
    if (!isSure) {
      const question = `\n  Delete ${usersIn(goes)} who never signed in here? Type yes: `
      if (terminal.isInteractive ? !(await ask(question)) : true) {
        await showStays(client, terminal)
        say(`\n  Nothing was deleted. ${usersIn(goes)} would be: the same command with --yes`)
        return 1
      }
    }
    const deleted = await deleteAll(client, names, { goes, terminal })
    await forgetLeftOut(client, names, run)
    await showStays(client, terminal)
    say(paint.green(`\n  Deleted ${usersIn(deleted)}.`))
    return 0
  })
}

async function showStays(client: ClientBase, { say, paint }: Terminal): Promise<void> {
  const { stays } = await countUsers(client)
  if (stays.length === 0) return
  say(`\n  ${paint.bold('These stay')}`)
  const width = Math.max(...stays.map(([, users]) => grouped(users).length))
  for (const [why, users] of stays) say(`    ${grouped(users).padStart(width)}  ${STAYS[why]}`)
}

type Progress = { goes: number; terminal: Terminal }

async function deleteAll(client: ClientBase, names: Names, { goes, terminal }: Progress): Promise<number> {
  const deleting = startProgress(terminal, 'Deleting')
  let [after, deleted, done] = [0, 0, 0]
  for (;;) {
    const users = await nextUsers(client, after, BATCH_ROWS)
    const last = users.at(-1)
    if (last === undefined) break
    after = last.n
    done += users.length
    deleted += await deleteBatch(
      client,
      names,
      users.map(({ id }) => id),
    )
    deleting(done, done / goes)
  }
  terminal.endProgress()
  return deleted
}

/** All at once; where that would take something along, one by one, and whoever has something stays. */
async function deleteBatch(client: ClientBase, names: Names, ids: string[]): Promise<number> {
  if (await deleted(client, names, ids)) return ids.length
  let count = 0
  for (const id of ids) {
    if (await deleted(client, names, [id])) count += 1
    else await keepUser(client, id, 'app-rows')
  }
  return count
}

/** false: rows of others point at them, or would have gone with them; nothing is deleted then. */
async function deleted(client: ClientBase, names: Names, ids: string[]): Promise<boolean> {
  await client.query('BEGIN')
  try {
    const before = await touchedRows(client, names)
    await deleteUsers(client, names, ids)
    const isAlone = (await touchedRows(client, names)) === before
    await client.query(isAlone ? 'COMMIT' : 'ROLLBACK')
    return isAlone
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    if (error instanceof pg.DatabaseError && error.code === '23503') return false
    throw error
  }
}
