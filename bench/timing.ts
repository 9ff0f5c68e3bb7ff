import { readStack } from './env.ts'
import { measureTiming, startHangingMailServer } from './measurements/timing.ts'
import { ourProgram } from './processes/auth-servers.ts'
import { endChildrenAtExit } from './processes/child.ts'
import { chooseCores } from './processes/cores.ts'
import { openDatabase } from './processes/database.ts'
import { figure, figures } from './report/format.ts'
import { toText } from './report/table.ts'

/**
 * Start here: whether the time of a response shows who has an account. 200 samples of each, with a mail server that hangs. Writes no file, and
 * asserts nothing: a busy machine is no proof of either.
 */

const SAMPLES = 200
const UNLIMITED = '100000/1'

endChildrenAtExit()
const stack = readStack()
const say = (text: string) => void process.stdout.write(`${text}\n`)
const bench = { stack, cores: chooseCores(), database: openDatabase(stack.adminUrl), begin: say }
const mail = await startHangingMailServer()
const { program, publicPort } = await ourProgram(bench)
Object.assign(program.env, {
  ...{ SMTP_URL: mail.url, MAIL_FROM: 'bench@example.com', REQUIRE_EMAIL_VERIFICATION: 'true' },
  ...{ RATE_LIMIT_SIGN_IN: UNLIMITED, RATE_LIMIT_DEFAULT: UNLIMITED },
})
const questions = await measureTiming(bench, program, publicPort, SAMPLES)
say(
  toText({
    title: 'Time of a response, in milliseconds: the median, and the quartiles',
    explanation: '',
    columns: ['', 'has an account', 'has none', 'difference', 'p'],
    rows: questions.map(({ name, known, unknown, p }) => [
      name,
      figures(known),
      figures(unknown),
      `${figure((100 * (known.median - unknown.median)) / unknown.median)} %`,
      figure(p),
    ]),
  }),
)
mail.stop()
