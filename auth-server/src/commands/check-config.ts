import { type Command, noOptions } from './command.ts'

/** For deployments, before anything is stopped. main.ts has read and checked the environment by then. */
export const command: Command = {
  usage: 'check-config',
  takes: noOptions,
  run: async () => void process.stdout.write('auth-server: the configuration can be used\n'),
}
