-- Tables of supabase/auth with the columns that an import reads, and one of an app. Passwords: an old Pässword 1
CREATE SCHEMA auth;
CREATE TABLE auth.users (
    instance_id uuid, id uuid NOT NULL PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255), encrypted_password varchar(255),
    email_confirmed_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
    created_at timestamptz, phone text, banned_until timestamptz, deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false);
CREATE TABLE auth.identities (
    provider_id text NOT NULL, user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE, identity_data jsonb NOT NULL,
    provider text NOT NULL, id uuid NOT NULL PRIMARY KEY);
CREATE TABLE profiles (id uuid NOT NULL PRIMARY KEY CONSTRAINT profiles_id_fkey REFERENCES auth.users (id) ON DELETE CASCADE, username text);
INSERT INTO auth.users (id, email, encrypted_password, email_confirmed_at, raw_user_meta_data, created_at) VALUES
    ('d3e8ccc2-8384-432d-9404-45ad98959e9d', 'ada.su@example.com', '$2a$04$2FxJcXpvgSa//qukRZrvi.eah1tcZ36Ylsfk0YixUhrG9zI5AW/.C', now(),
     '{"full_name": "Ada Plain"}', '2021-03-04 05:06:07+00');
INSERT INTO auth.identities VALUES ('900001', 'd3e8ccc2-8384-432d-9404-45ad98959e9d', '{}', 'github', '3f6ecf1f-3592-45f4-ae60-8d99bcd0809c');
INSERT INTO profiles VALUES ('d3e8ccc2-8384-432d-9404-45ad98959e9d', 'ada');
