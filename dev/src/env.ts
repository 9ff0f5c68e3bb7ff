/** The only place of `dev/` that reads the environment. */
export const environment: NodeJS.ProcessEnv = process.env

export function readInboxEnv(): { smtpPort: number; mailPort: number } {
  return { smtpPort: Number(environment.SMTP_PORT), mailPort: Number(environment.MAIL_PORT) }
}

export function isColourWanted(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
}
