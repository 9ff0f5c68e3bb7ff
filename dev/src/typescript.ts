/** Runs a `.ts` file from whatever folder: `--import tsx` alone is looked up where the caller stands. */
export const nodeWithTypeScript = [process.execPath, '--import', import.meta.resolve('tsx')]
