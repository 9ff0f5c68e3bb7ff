import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** The first line of what is piped in, without its end. */
export async function pipedPassword(stdin: NodeJS.ReadableStream): Promise<string> {
  const [line = ''] = (await text(stdin)).split(/\r?\n/)
  return line
}

type Terminal = { stdin: NodeJS.ReadStream; stderr: NodeJS.WritableStream }

/** Without an echo. Undefined where nothing was typed, or Ctrl-C. */
export async function askPassword({ stdin, stderr }: Terminal): Promise<string | undefined> {
  stderr.write('  Password (not shown; empty: it is not compared): ')
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  let typed = ''
  try {
    for (;;) {
      stdin.resume()
      const [keys] = (await once(stdin, 'data')) as [string]
      for (const key of keys) {
        if (key === '\u0003' || key === '\u0004') return undefined
        if (key === '\r' || key === '\n') return typed === '' ? undefined : typed
        typed = key === '\u007f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key
      }
    }
  } finally {
    stdin.setRawMode(false)
    stdin.pause()
    stderr.write('\n')
  }
}
