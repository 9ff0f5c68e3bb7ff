-- The tables that FastAPI Users' models make, and one of an app. Passwords: an old Pässword 1
CREATE TABLE "user" (
    full_name varchar(200), id uuid NOT NULL PRIMARY KEY, email varchar(320) NOT NULL UNIQUE, hashed_password varchar(1024) NOT NULL,
    is_active boolean NOT NULL, is_superuser boolean NOT NULL, is_verified boolean NOT NULL);
CREATE TABLE oauth_account (
    id uuid NOT NULL PRIMARY KEY, user_id uuid NOT NULL REFERENCES "user" (id) ON DELETE CASCADE, oauth_name varchar(100) NOT NULL,
    access_token varchar(1024) NOT NULL, expires_at integer, refresh_token varchar(1024), account_id varchar(320) NOT NULL,
    account_email varchar(320) NOT NULL);
CREATE TABLE projects (id integer PRIMARY KEY, owner_id uuid NOT NULL CONSTRAINT projects_owner_id_fkey REFERENCES "user" (id));
INSERT INTO "user" VALUES
    ('Ada Plain', '93a9bb6d-23be-4d0b-b344-f83fb89541f5', 'Ada.FU@Example.com',
     '$argon2id$v=19$m=64,t=1,p=2$zOWuO6MSAYFy9zGlnV7g3Q$g1h0k8OdJTYOCdGUEtDS5l7QbKhc0Peyh9gGuNCw3eg', true, true, true),
    ('', '24fa2359-9ec9-4898-b881-c887c2955f80', 'gil.fu@example.com',
     '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO', true, false, true);
INSERT INTO oauth_account VALUES ('983142e9-3750-4aba-a671-48302ed4b384', '24fa2359-9ec9-4898-b881-c887c2955f80', 'google',
    'token', NULL, NULL, '117000000000000000001', 'gil.fu@example.com');
INSERT INTO projects VALUES (1, '93a9bb6d-23be-4d0b-b344-f83fb89541f5');
