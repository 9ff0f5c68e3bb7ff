import { betterAuth } from 'better-auth'
import { openAPI } from 'better-auth/plugins'
import pg from 'pg'
import { authOptions } from '../src/auth/better-auth.ts'
import { readEnv } from '../src/env.ts'

/**
 * Prints what better-auth says of the routes that this server's options give it. Not served: it documents better-auth,
 * without what the layers around it refuse. The suite generates requests from it.
 */
const env = readEnv(process.env)
const options = authOptions({ env, pool: new pg.Pool() })
const auth = betterAuth({ ...options, plugins: [...options.plugins, openAPI({ disableDefaultReference: true })] })
const document = await auth.api.generateOpenAPISchema()
process.stdout.write(JSON.stringify(document))
