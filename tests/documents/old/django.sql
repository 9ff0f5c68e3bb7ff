-- The tables of Django's and allauth's migrations, and two of an app. Passwords: an old Pässword 1
CREATE TABLE auth_user (
    id integer PRIMARY KEY, password varchar(128) NOT NULL, last_login timestamptz, is_superuser boolean NOT NULL,
    username varchar(150) NOT NULL, first_name varchar(150) NOT NULL, last_name varchar(150) NOT NULL, email varchar(254) NOT NULL,
    is_staff boolean NOT NULL, is_active boolean NOT NULL, date_joined timestamptz NOT NULL);
CREATE TABLE account_emailaddress (
    id integer PRIMARY KEY, email varchar(254) NOT NULL, verified boolean NOT NULL, "primary" boolean NOT NULL, user_id integer NOT NULL);
CREATE TABLE shop_order (id bigint PRIMARY KEY, buyer_id integer NOT NULL);
CREATE TABLE shop_profile (user_id integer PRIMARY KEY, phone varchar(32) NOT NULL);
ALTER TABLE account_emailaddress ADD CONSTRAINT account_emailaddress_user_id_2c513194_fk_auth_user_id
    FOREIGN KEY (user_id) REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE shop_order ADD CONSTRAINT shop_order_buyer_id_cffd21d9_fk_auth_user_id
    FOREIGN KEY (buyer_id) REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE shop_profile ADD CONSTRAINT shop_profile_user_id_251f5ef7_fk_auth_user_id
    FOREIGN KEY (user_id) REFERENCES auth_user (id) DEFERRABLE INITIALLY DEFERRED;
INSERT INTO auth_user VALUES
    (7001, 'pbkdf2_sha256$1000$somesalt$7yHwU4T4ZOGbIQrSWwO4NzW4VJidd7UCCbMU2p7qg78=', NULL, false, 'ada', 'Ada', 'Plain',
     'Ada.DJ@example.com', false, true, '2021-03-04 05:06:07+00'),
    (7002, '!B8KIYFbAHA5TXT8muFYccLMkJt1HRtytBTJzHVGW', NULL, false, 'gil', '', '', 'gil.dj@example.com', false, true, '2023-03-03 11:03:03+00');
INSERT INTO account_emailaddress VALUES (1, 'ada.dj@example.com', true, true, 7001);
INSERT INTO shop_order VALUES (1, 7001);
INSERT INTO shop_profile VALUES (7001, '+12025550143');
