import { getMigrations } from 'better-auth/db/migration'
import pg from 'pg'
import { authOptions } from '../src/auth/better-auth.ts'
import type { TestDatabase } from './database.ts'

/** Runs SQL as the owner of the auth tables, as the tools do that made them. */
export async function asOwner(database: TestDatabase, text: string): Promise<void> {
  const client = new pg.Client(database.env().DATABASE_URL)
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

/** Which names, types and defaults each tool chooses: by its documented rules, checked with real dumps of it. */
export const FOREIGN_SCHEMAS: Readonly<Record<string, (database: TestDatabase) => Promise<void>>> = {
  'prisma migrate, from the models that better-auth generates': (database) => asOwner(database, PRISMA),
  'drizzle-kit, with camelCase columns': (database) => asOwner(database, DRIZZLE),
  "better-auth's own command": (database) => byBetterAuth(database, undefined),
  "better-auth's own command, with generateId uuid": (database) => byBetterAuth(database, 'uuid'),
  'SQL by hand, with uuid ids, plain keys and no cascade': (database) => asOwner(database, BY_HAND),
  'SQL by hand, with varchar': (database) => asOwner(database, VARCHAR),
}

async function byBetterAuth(database: TestDatabase, generateId: 'uuid' | undefined): Promise<void> {
  const env = database.env()
  const pool = new pg.Pool({ connectionString: env.DATABASE_URL })
  const options = authOptions({ env, pool })
  const { runMigrations } = await getMigrations({
    database: pool,
    secret: options.secret,
    ...(generateId && { advanced: { database: { generateId } } }),
  })
  await runMigrations()
  await pool.end()
}

const PRISMA = `
  CREATE TABLE "user" ("id" TEXT NOT NULL, "name" TEXT NOT NULL, "email" TEXT NOT NULL, "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "user_pkey" PRIMARY KEY ("id"));
  CREATE TABLE "session" ("id" TEXT NOT NULL, "expiresAt" TIMESTAMP(3) NOT NULL, "token" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL, "ipAddress" TEXT, "userAgent" TEXT,
    "userId" TEXT NOT NULL, CONSTRAINT "session_pkey" PRIMARY KEY ("id"));
  CREATE TABLE "account" ("id" TEXT NOT NULL, "accountId" TEXT NOT NULL, "providerId" TEXT NOT NULL, "userId" TEXT NOT NULL,
    "accessToken" TEXT, "refreshToken" TEXT, "idToken" TEXT, "accessTokenExpiresAt" TIMESTAMP(3), "refreshTokenExpiresAt" TIMESTAMP(3),
    "scope" TEXT, "password" TEXT, "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3) NOT NULL,
    CONSTRAINT "account_pkey" PRIMARY KEY ("id"));
  CREATE TABLE "verification" ("id" TEXT NOT NULL, "identifier" TEXT NOT NULL, "value" TEXT NOT NULL, "expiresAt" TIMESTAMP(3) NOT NULL,
    "createdAt" TIMESTAMP(3) DEFAULT CURRENT_TIMESTAMP, "updatedAt" TIMESTAMP(3), CONSTRAINT "verification_pkey" PRIMARY KEY ("id"));
  CREATE UNIQUE INDEX "user_email_key" ON "user"("email");
  CREATE UNIQUE INDEX "session_token_key" ON "session"("token");
  CREATE INDEX "session_userId_idx" ON "session"("userId");
  CREATE INDEX "session_expiresAt_idx" ON "session"("expiresAt");
  CREATE UNIQUE INDEX "account_providerId_accountId_key" ON "account"("providerId", "accountId");
  CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");
  ALTER TABLE "session" ADD CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
  ALTER TABLE "account" ADD CONSTRAINT "account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
`

const DRIZZLE = `
  CREATE TABLE "user" ("id" text PRIMARY KEY NOT NULL, "name" text NOT NULL, "email" text NOT NULL, "emailVerified" boolean DEFAULT false NOT NULL,
    "image" text, "createdAt" timestamp DEFAULT now() NOT NULL, "updatedAt" timestamp DEFAULT now() NOT NULL, CONSTRAINT "user_email_unique" UNIQUE("email"));
  CREATE TABLE "session" ("id" text PRIMARY KEY NOT NULL, "expiresAt" timestamp NOT NULL, "token" text NOT NULL, "createdAt" timestamp DEFAULT now() NOT NULL,
    "updatedAt" timestamp NOT NULL, "ipAddress" text, "userAgent" text, "userId" text NOT NULL, CONSTRAINT "session_token_unique" UNIQUE("token"));
  CREATE TABLE "account" ("id" text PRIMARY KEY NOT NULL, "accountId" text NOT NULL, "providerId" text NOT NULL, "userId" text NOT NULL, "accessToken" text,
    "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamp, "refreshTokenExpiresAt" timestamp, "scope" text, "password" text,
    "createdAt" timestamp DEFAULT now() NOT NULL, "updatedAt" timestamp NOT NULL);
  CREATE TABLE "verification" ("id" text PRIMARY KEY NOT NULL, "identifier" text NOT NULL, "value" text NOT NULL, "expiresAt" timestamp NOT NULL,
    "createdAt" timestamp DEFAULT now() NOT NULL, "updatedAt" timestamp DEFAULT now() NOT NULL);
  ALTER TABLE "account" ADD CONSTRAINT "account_userId_user_id_fk" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE cascade ON UPDATE no action;
  ALTER TABLE "session" ADD CONSTRAINT "session_userId_user_id_fk" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE cascade ON UPDATE no action;
  CREATE INDEX "session_userId_idx" ON "session" USING btree ("userId");
`

const BY_HAND = `
  CREATE TABLE "user" (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, email text NOT NULL UNIQUE,
    "emailVerified" boolean, image text, "createdAt" timestamp NOT NULL DEFAULT now(), "updatedAt" timestamp NOT NULL DEFAULT now());
  CREATE TABLE session (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), "userId" uuid NOT NULL REFERENCES "user"(id), token varchar(255) NOT NULL UNIQUE,
    "expiresAt" timestamp NOT NULL, "ipAddress" varchar(45), "userAgent" varchar(255), "createdAt" timestamp NOT NULL DEFAULT now(), "updatedAt" timestamp NOT NULL DEFAULT now());
  CREATE TABLE account (id uuid PRIMARY KEY, "userId" uuid NOT NULL REFERENCES "user"(id), "accountId" text NOT NULL, "providerId" text NOT NULL,
    "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamp, "refreshTokenExpiresAt" timestamp, scope text, password text,
    "createdAt" timestamp NOT NULL DEFAULT now(), "updatedAt" timestamp NOT NULL DEFAULT now(), UNIQUE ("providerId", "accountId"));
  CREATE TABLE verification (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), identifier text NOT NULL, value text NOT NULL, "expiresAt" timestamp NOT NULL,
    "createdAt" timestamp DEFAULT now(), "updatedAt" timestamp DEFAULT now(), UNIQUE (identifier, value));
`

const VARCHAR = `
  CREATE TABLE "user" (id varchar(36) PRIMARY KEY, name varchar(255) NOT NULL, email varchar(255) NOT NULL UNIQUE, "emailVerified" boolean NOT NULL DEFAULT false,
    image varchar(255), "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now());
  CREATE TABLE session (id varchar(255) PRIMARY KEY, "userId" varchar(36) NOT NULL REFERENCES "user"(id) ON DELETE SET NULL, token varchar(255) NOT NULL UNIQUE,
    "expiresAt" timestamptz NOT NULL, "ipAddress" varchar(255) NOT NULL, "userAgent" varchar(40), "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL DEFAULT now());
  CREATE TABLE account (id varchar(20) PRIMARY KEY, "userId" varchar(36) NOT NULL, "accountId" varchar(255) NOT NULL, "providerId" varchar(255) NOT NULL,
    "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password varchar(60) NOT NULL,
    "createdAt" timestamptz NOT NULL DEFAULT now(), "updatedAt" timestamptz NOT NULL);
`
