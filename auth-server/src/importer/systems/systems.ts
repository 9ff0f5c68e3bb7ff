import type { System } from '../system.ts'
import { auth0 } from './auth0.ts'
import { betterAuth } from './better-auth.ts'
import { clerk } from './clerk.ts'
import { cognito } from './cognito.ts'
import { devise } from './devise.ts'
import { django } from './django.ts'
import { fastapiTemplate, fastapiUsers } from './fastapi.ts'
import { firebase } from './firebase.ts'
import { flaskSecurity } from './flask-security.ts'
import { keycloak } from './keycloak.ts'
import { nextauth } from './nextauth.ts'
import { csv, laravel, passlib, plainBcrypt, werkzeug } from './plain.ts'
import { prisma } from './prisma.ts'
import { supabase } from './supabase.ts'
import { wordpress } from './wordpress.ts'

/** Every system that users move in from, by the word after --from. */
export const SYSTEMS: readonly System[] = [
  fastapiUsers,
  fastapiTemplate,
  django,
  prisma,
  plainBcrypt,
  passlib,
  werkzeug,
  flaskSecurity,
  supabase,
  keycloak,
  auth0,
  clerk,
  firebase,
  cognito,
  devise,
  laravel,
  wordpress,
  nextauth,
  betterAuth,
  csv,
]
