/** The only place of `dev/` that reads the environment. */
export const environment: NodeJS.ProcessEnv = process.env
