import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { machineEnvironment } from '../embedded/environment.ts'
import { environment, isColourWanted } from '../env.ts'
import { CannotContinue } from '../errors.ts'
import { localFolder, repository } from '../paths.ts'
import { listenForSignals, mustRun } from '../processes/run.ts'
import { createTerminal } from '../terminal/terminal.ts'
import { stageProject } from './payload.ts'

/** `make wheel`: the package that services install, and the one with the auth server, both into dist/. */
const terminal = createTerminal(process.stdout, isColourWanted(process.stdout))
const { signal } = listenForSignals()
const python = join(repository, '.venv', 'bin', 'python')
const target = resolve(process.argv[2] ?? join(repository, 'dist'))
// The wheels' time stamps: the same sources make the same bytes.
const env = { ...machineEnvironment(environment), SOURCE_DATE_EPOCH: '1577836800' }

async function buildWheel(project: string): Promise<void> {
  const command = [python, '-m', 'hatchling', 'build', '--target', 'wheel', '--directory', target]
  await mustRun({ command, cwd: project, env }, signal, ({ output }) => {
    return `${relative(repository, project)} cannot be built:\n\n${output.trim()}`
  })
}

async function buildWheels(): Promise<void> {
  mkdirSync(localFolder, { recursive: true, mode: 0o700 })
  const staging = mkdtempSync(join(localFolder, 'wheel-'))
  try {
    await stageProject({ env, signal, progress: terminal.progress }, staging)
    rmSync(target, { recursive: true, force: true })
    await buildWheel(join(repository, 'backend-fastapi', 'auth_sidecar'))
    await buildWheel(staging)
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
  for (const name of readdirSync(target)) {
    terminal.say(
      `  ${relative(repository, join(target, name))}  ${terminal.paint.dim(`${Math.ceil(statSync(join(target, name)).size / 1024)} KB`)}`,
    )
  }
}

await buildWheels().catch((error: unknown) => {
  if (!(error instanceof CannotContinue)) throw error
  process.stderr.write(`✗ ${error.message}\n`)
  process.exitCode = error.exitCode
})
