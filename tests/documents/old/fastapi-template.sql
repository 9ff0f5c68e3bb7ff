-- The tables of the template's migrations. Passwords: an old Pässword 1
CREATE TABLE "user" (
    email varchar(255) NOT NULL UNIQUE, is_active boolean NOT NULL, is_superuser boolean NOT NULL, full_name varchar(255),
    hashed_password varchar NOT NULL, id uuid NOT NULL PRIMARY KEY, created_at timestamptz);
CREATE TABLE item (
    description varchar(255), title varchar(255) NOT NULL, id uuid NOT NULL PRIMARY KEY,
    owner_id uuid NOT NULL CONSTRAINT item_owner_id_fkey REFERENCES "user" (id) ON DELETE CASCADE, created_at timestamptz);
INSERT INTO "user" VALUES ('Ada.FT@example.com', true, false, 'Ada Plain',
    '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO', '60cea79d-6fc4-4fbd-85bc-b7aea826744d', NULL);
INSERT INTO item VALUES (NULL, 'of Ada', '76a3c1d1-d39a-4120-8109-fbe06b2df3fe', '60cea79d-6fc4-4fbd-85bc-b7aea826744d', now());
