/** The password of most of them. */
export const OLD_PASSWORD = 'an old Pässword 1'

/** The keys that some of them were made with, see LEGACY_KEY_1. */
export const LEGACY_KEYS = {
  LEGACY_KEY_1: 'a key of Flask-Security',
  LEGACY_KEY_2: 'a pepper',
  LEGACY_KEY_3: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==',
}

/**
 * Hashes as older systems wrote them, at low costs: made by Django 5.2, Werkzeug 3.1, passlib 1.7.4, argon2-cffi, bcrypt and
 * OpenSSL. Each with its format, and its password where that is another one.
 */
// biome-ignore format: a table reads by rows
export const OLD_HASHES: [format: string, stored: string, password?: string][] = [
  ['argon2', '$argon2id$v=19$m=64,t=1,p=2$zOWuO6MSAYFy9zGlnV7g3Q$g1h0k8OdJTYOCdGUEtDS5l7QbKhc0Peyh9gGuNCw3eg'],
  ['argon2', '$argon2i$v=19$m=64,t=1,p=1$utO0jX5zpmVRpwBXfM4lNg$UgErbjIvHoKSwPj06ySGXZIB8QrQKM9DJhb5KwOn7+8'],
  ['bcrypt', '$2b$04$a/GgPNFeV9fyJ3q2oALSSOkgvvkOV.hkh72mENUYMXAeKsIntpBGO'],
  ['bcrypt', '$2a$04$2FxJcXpvgSa//qukRZrvi.eah1tcZ36Ylsfk0YixUhrG9zI5AW/.C'],
  ['bcrypt', '$2y$04$TxjdWtCdgvkpfP987IJfDeSdUQtqr1qMOD1hSEgNqjD8rQ/cETlfm'],
  ['bcrypt', '$2b$04$qxyH87pmxGHHuSWMduJFa..DcY/.bJn5VrInQpZflGGcs0h5ezcjK', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxé and what is behind'],
  ['django-bcrypt', 'bcrypt$$2b$04$iymc5qE77Vq3/8PPINEUQu9GrJQXY3iqft3NvlpRf3c.B7lrsv90W'],
  ['django-bcrypt-sha256', 'bcrypt_sha256$$2b$04$S2xlyMnsYpo4rPBzybi9Ae1MDom7owbyrc6UzbF6ew/Db3Y91rTCe', 'an old Pässword 1an old Pässword 1an old Pässword 1an old Pässword 1an old Pässword 1an old Pässword 1an old Pässword 1an old Pässword 1an old Pässword 1'],
  ['django-pbkdf2', 'pbkdf2_sha256$1000$somesalt$7yHwU4T4ZOGbIQrSWwO4NzW4VJidd7UCCbMU2p7qg78='],
  ['django-pbkdf2', 'pbkdf2_sha1$1000$somesalt$qLZmWhhJ7gchzBilbXCERS/D2iA='],
  ['django-scrypt', 'scrypt$1024$somesalt$8$5$ErcmoJoJK0wqCbRAFPHw68F3kWi3vupLEFgChotg/U35Y2O29r5+6Z6zRWz8fmC2cdR2DHj4G20BbJycF1YN1Q=='],
  ['werkzeug-scrypt', 'scrypt:1024:8:1$p7a3IRd9Dd4h04Z3$410f04d522a859fa703c839858e800bbf0c5aade607eadb3acd30c56b79a92071287a75b4e680ae67f59fd6f7be4ef434a00e1e0f0da1f55bc9e88ba8890276c'],
  ['werkzeug-pbkdf2', 'pbkdf2:sha256:1000$qCOKOojBJxpHqxNW$3aa99e5346ec961bbebad642f455ff24bbc45eef4f19438bc9826176d22f8674'],
  ['werkzeug-pbkdf2', 'pbkdf2:sha512:1000$wJRd1QwCTk7pfIeI$5363808fe590b19ae095afe633a5e2b55d34a04e6093dc63099f03041296dc45121f07ee652cc153f1556f1eab13ab547bee155d9bcf92c221fcf75f5b9fe50c'],
  ['werkzeug-pbkdf2', 'pbkdf2:sha1:1000$wDkjRXIaTn7Aaex8$d52056ddce341c8ec1a3fe9dfa16e1f77cfb2f7a'],
  ['passlib-pbkdf2', '$pbkdf2$1000$gJBSKuX8f08pJSQkxPg/xw$Yz32tX6ZsMj4Z.oE1ywXokSwb2I'],
  ['passlib-pbkdf2', '$pbkdf2-sha256$1000$FEJorZWyNgbAWEvJuVdqDQ$r.HKvIEFVxcBwer0XKJGpwZranHrVq60SLAA1E66wiA'],
  ['passlib-pbkdf2', '$pbkdf2-sha512$1000$Yaw1BsCY05pzzjknBOB8zw$hnLh6TpdhIu3wAwGa8yB0KOx6K1imrwz1hRPbxmXZ6TmPqP2EsIYmmEUwonzkgj/TIMlOd0AbiL.5AskdmCyCQ'],
  ['passlib-scrypt', '$scrypt$ln=10,r=8,p=1$nzPm3DuH8F7rPedcS6kVwg$RmDqFoqKckZu/SkpwomoVqAUWyQOHH7KzNBQYMIhfbU'],
  ['passlib-bcrypt-sha256', '$bcrypt-sha256$v=2,t=2b,r=4$Tsxz/a9i/PSL0jA2RT16o.$B3cbHQx8zaw9.SbFof6hidCxofrzeP6'],
  ['passlib-bcrypt-sha256', '$bcrypt-sha256$2b,4$/ZOKIcPoHYcBoBBNV6R7je$8r1jHhpCSvpe1jvj0AluKcMZ9kw9Vyy'],
  ['sha256-crypt', '$5$rounds=1000$UiHYgTHfX2OrwmKz$WaDsruodaoPT0MAX3eUz2elZAONZttVTN.xJ2Nd.EnC'],
  ['sha512-crypt', '$6$rounds=1000$ARFG9Bj4EvVe6gZ.$Q8R/4Yz2Q4Ac31G.uSmu51.sFU.ULhMEmxFen/fkVdOwZPo5fj8ouLryk9alqrVkfEstsLWdRTKeASRWwB/DE.'],
  ['sha256-crypt', '$5$vepxpPk4AGI9eS6Z$dn55DNmFXJzhHfc41tlWC6w3p8qC.w117HcfZ/tUNL6'],
  ['sha512-crypt', '$6$ecuM1icaEJu.wx04$aQPplbaSKikFLryANCVQhl8NbpVDBVi/Vkfk9o0UWvBlk8EnuUEZmk8l17Q85BV9YrZDzNRJxawNLecYRLB3C/'],
  ['sha512-crypt', '$6$rounds=1000$a$XKhS7PpzsPHhmoMaj4DU33pNEeKrNTMjgVnFAtlXjOcFyQapDGnB6BJXLhiqbaBwpo/20QOw9K6j9DyFAykyS/', 'long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long '],
  ['md5-crypt', '$1$jTr4U22X$BjZ0guaOQlJsZEMZ7k0..1'],
  ['md5-crypt', '$apr1$fyyKCWTX$7uho1VwBU.9p2M./NP.gv/'],
  ['md5-crypt', '$1$gyVhNY/a$I3P6vHsRs.mtMp1SUhb1b.', 'long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long '],
  ['phpass', '$P$5uVS5tnoB/1iah3ChbZf2GQsoX8hsf0'],
  ['phpass', '$H$508Tg9JYjKXsA5yYGlhGy4jEsFgRuf/'],
  ['wordpress-bcrypt', '$wp$2y$04$P1kFJoeBvn.yUymdKaXTYODlcMEQM0Sr8IdzfSJ9Vrfee1zo9IfMW'],
  ['wordpress-bcrypt', '$wp$2y$04$ZCUb3KIVobl7XHqyyfKZQeDCHMoK2WKEHv8gO97ktEutlQV0im1bu', ' blank around '],
  ['firebase-scrypt', '$fbscrypt$v=1,n=10,r=8,p=1,ss=Bw==,sk=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==$MDEyMzQ1Njc4OWFi$v5i1uh9uisJ6Z00mT9B3YAl7T0crN9J5w1RkKWlDqFIvYvbNs4YicWpAZeLrpkHwpu43w/9dpkyJ0oRHaI/OPA=='],
  ['flask-security-argon2', 'old:flask-security:1:$argon2id$v=19$m=64,t=1,p=1$fBI3JZIM91EP/yve0ASuKQ$unou0ypJonDUmXWEsi9CJvyrPcfph/mMMKgYMdoNGE8'],
  ['flask-security-bcrypt', 'old:flask-security:1:$2b$04$i/MhCh0RwiTaGkdS3e9Pquyzr15rEkQ3a09eqakwjFLPu1OOO7KR.'],
  ['flask-security-sha512-crypt', 'old:flask-security:1:$6$rounds=1000$miUrgbR4O0mEOCjN$HfZpJo/1FEst3mIu9Zq5Cyg6Eptq1wlIcLneqbMOaOTUDbaOez8pYvxYYySXGYNTy3QZMGLnX9fLJCE4CfNTe0'],
  ['devise', 'old:devise:2:$2a$04$Rw4Oh3ZaYcVfHIJ/m/uOYeQ03QmzUan9FVKXIvmR.GQk0mxzpP5Hy'],
  ['firebase-scrypt', 'old:firebase:3:10:8:Bw==:MDEyMzQ1Njc4OWFi:v5i1uh9uisJ6Z00mT9B3YAl7T0crN9J5w1RkKWlDqFIvYvbNs4YicWpAZeLrpkHwpu43w/9dpkyJ0oRHaI/OPA=='],
  ['wrapped-digest', 'old:wrapped:md5$argon2id$v=19$m=64,t=1,p=1$mmBNo6FCceILe3/EAmWmxA$l4A1sdYO1RJDo/jZwfz1dv/A7AGTkuVVzbPeNaDiOUg'],
  ['wrapped-digest', 'old:wrapped:django:sha1:somesalt$argon2id$v=19$m=64,t=1,p=1$3TE/tCC9l4kHhGWg0OL6lQ$OgCjHh74lU/buWdX83aE0Zw9+TH5hUnHnYlRAmPoT08'],
  ['wrapped-digest', 'old:wrapped:werkzeug:sha256:somesalt$argon2id$v=19$m=64,t=1,p=1$vPUw69/5Okl6/vgFjpgn8Q$zcdAf6xQPLoGv8uLu4HmddpATj48FGXj0jYJgYlXYGo'],
  ['wrapped-digest', 'old:wrapped:ldap:sha1:73616c74$argon2id$v=19$m=64,t=1,p=1$m9Z3ySmMbJo3kAaPnJ8TcA$CzB2R3niEliUcH1PzffpsZrWCIP0eXug7NY1iFdyf08'],
  ['keycloak-pbkdf2', 'old:keycloak:sha512:1000:c29tZXNhbHQ=:LQ6JDPal70QdsIdjNUFDQbmO+u5N4DBgdizIODKBbb5ZGgn64NXk6VQyG3jsx0/Oj85oI5iNsWb7ZLZRJZ99WA=='],
  ['keycloak-pbkdf2', 'old:keycloak:sha256:1000:c29tZXNhbHQ=:7yHwU4T4ZOGbIQrSWwO4NzW4VJidd7UCCbMU2p7qg78X4f4/okcdDJCPDrt9q07MEmwWXvazdCWkbYMeWxGq9g=='],
  ['wordpress-phpass', 'old:wordpress:$P$5AiMM5W5gexpTY01EU3qjsfO0kj2A70', "it's \"old\" 1 "],
  ['wordpress-wrapped-digest', 'old:wordpress:md5$argon2id$v=19$m=64,t=1,p=1$wScjBJNZLuXlt1IShF1HVw$ORq5vT9LiG1vaGTV+2OJe4jKbOcZPlnsRY0mgsJwAV8'],
]
