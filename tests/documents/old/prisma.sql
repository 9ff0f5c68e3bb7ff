-- What Prisma makes of the app's models. Passwords: an old Pässword 1
CREATE TABLE "User" (
    id text PRIMARY KEY, email text NOT NULL UNIQUE, username text NOT NULL, password text NOT NULL,
    "createdAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP, "updatedAt" timestamp(3) NOT NULL);
CREATE TABLE "Role" (id text PRIMARY KEY, name text NOT NULL, permissions text[]);
CREATE TABLE "_RoleToUser" ("A" text NOT NULL REFERENCES "Role" (id), "B" text NOT NULL);
CREATE TABLE "Server" (id text PRIMARY KEY, name text NOT NULL, "ownerId" text NOT NULL);
CREATE TABLE "AuthLockout" (id text PRIMARY KEY, email text NOT NULL, "failedAttempts" integer NOT NULL, "lockedUntil" timestamp(3));
ALTER TABLE "_RoleToUser" ADD CONSTRAINT "_RoleToUser_B_fkey" FOREIGN KEY ("B") REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE "Server" ADD CONSTRAINT "Server_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "User" (id) ON UPDATE CASCADE ON DELETE RESTRICT;
INSERT INTO "User" VALUES ('cmwzr82rq0002t27d0cj276le', 'Ada.PR@example.com', 'ada.plain',
    '$2a$04$2FxJcXpvgSa//qukRZrvi.eah1tcZ36Ylsfk0YixUhrG9zI5AW/.C', '2021-03-04 05:06:07', now());
INSERT INTO "Role" VALUES ('r1', 'admin', '{*}');
INSERT INTO "_RoleToUser" VALUES ('r1', 'cmwzr82rq0002t27d0cj276le');
INSERT INTO "Server" VALUES ('s1', 'node-1', 'cmwzr82rq0002t27d0cj276le');
INSERT INTO "AuthLockout" VALUES ('l1', 'ada.pr@example.com', 9, '2099-01-01 00:00:00');
