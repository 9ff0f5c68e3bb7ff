import { fileURLToPath } from 'node:url'
import { brandFolder, readBrand } from '../../../brand/src/read.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** Of the stack under test: with-stack runs with the same BRAND_FOLDER as its command. */
export const brand = readBrand(brandFolder(repository, process.env.BRAND_FOLDER))
