/** What a table of users can tell, in our words. */
export const FIELDS = [
  'id',
  'email',
  'name',
  'firstName',
  'lastName',
  'username',
  'image',
  'password',
  'verified',
  'active',
  'status',
  'banned',
  'bannedUntil',
  'lockedUntil',
  'admin',
  'createdAt',
  'deleted',
  'anonymous',
  'phone',
  'secondFactor',
  'provider',
  'providerUser',
] as const

export type Field = (typeof FIELDS)[number]
export type Columns = Partial<Record<Field, string>>
/** Names of one system's own, before the common ones; an empty list: the system has no such column. */
export type Preferred = Partial<Record<Field, readonly string[]>>

/** How columns are called, best first: without capitals and without what stands between words. */
const NAMES: Record<Field, readonly string[]> = {
  id: ['id', 'pk', 'userid', 'uuid', 'guid', 'uid', 'localid', 'memberid', 'accountid', 'personid', 'customerid'],
  email: [
    'email',
    'emailaddress',
    'mail',
    'useremail',
    'primaryemail',
    'primaryemailaddress',
    'emailaddr',
    'loginemail',
    'mailaddress',
  ],
  name: ['name', 'fullname', 'displayname', 'realname', 'completename'],
  firstName: ['firstname', 'givenname', 'forename', 'vorname'],
  lastName: ['lastname', 'familyname', 'surname', 'nachname'],
  username: [
    'username',
    'userlogin',
    'login',
    'loginname',
    'preferredusername',
    'nickname',
    'nick',
    'handle',
    'screenname',
  ],
  image: [
    'image',
    'avatar',
    'avatarurl',
    'picture',
    'pictureurl',
    'photo',
    'photourl',
    'imageurl',
    'profileimage',
    'profilepicture',
  ],
  password: [
    ...[
      'hashedpassword',
      'passwordhash',
      'encryptedpassword',
      'passworddigest',
      'cryptedpassword',
      'password',
      'userpass',
    ],
    ...['passhash', 'pwhash', 'pwdhash', 'passwd', 'pwd', 'pass', 'pw', 'userpassword', 'secrethash', 'hash'],
  ],
  verified: [
    ...[
      'isverified',
      'emailverified',
      'emailverifiedat',
      'emailconfirmedat',
      'emailconfirmed',
      'isemailverified',
      'isemailconfirmed',
    ],
    ...[
      'verified',
      'verifiedat',
      'confirmed',
      'confirmedat',
      'isconfirmed',
      'mailverified',
      'mailconfirmed',
      'emailvalidated',
      'emailok',
      'mailok',
    ],
  ],
  active: ['isactive', 'active', 'isenabled', 'enabled', 'accountenabled'],
  status: ['status', 'state', 'userstatus', 'accountstatus'],
  banned: [
    ...['isdisabled', 'disabled', 'disabledat', 'isbanned', 'banned', 'bannedat', 'isblocked', 'blocked', 'blockedat'],
    ...[
      'issuspended',
      'suspended',
      'suspendedat',
      'islocked',
      'locked',
      'lockedat',
      'deactivated',
      'deactivatedat',
      'isinactive',
      'inactive',
    ],
  ],
  bannedUntil: ['banneduntil', 'banexpires', 'suspendeduntil', 'blockeduntil'],
  lockedUntil: ['lockeduntil', 'lockoutend', 'lockoutuntil', 'lockuntil'],
  admin: [
    ...['issuperuser', 'superuser', 'isadmin', 'admin', 'isadministrator', 'issuperadmin', 'superadmin'],
    ...['role', 'roles', 'userrole', 'userroles'],
  ],
  createdAt: [
    ...[
      'createdat',
      'created',
      'createdon',
      'datejoined',
      'joinedat',
      'joined',
      'joinedon',
      'membersince',
      'registeredat',
      'registered',
      'registeredon',
    ],
    ...[
      'userregistered',
      'createdatetime',
      'createddate',
      'creationdate',
      'createtime',
      'datecreated',
      'signupdate',
      'signedupat',
      'since',
    ],
    ...['createdtimestamp', 'insertedat', 'joinedms', 'createdms', 'registrationdate', 'ctime'],
  ],
  deleted: ['deletedat', 'isdeleted', 'deleted', 'deletedon', 'removedat', 'isremoved', 'removed', 'archivedat'],
  anonymous: ['isanonymous', 'anonymous', 'isguest'],
  phone: ['phone', 'phonenumber', 'mobile', 'mobilenumber', 'usphonenumber', 'telephone', 'tel'],
  secondFactor: [
    'tftotpsecret',
    'totpsecret',
    'twofactorsecret',
    'otpsecret',
    'mfasecret',
    'twofactorenabled',
    'otprequiredforlogin',
  ],
  provider: ['provider', 'oauthprovider', 'authprovider', 'oauthname', 'providername'],
  providerUser: [
    'provideruserid',
    'provideraccountid',
    'oauthid',
    'oauthuid',
    'provideruid',
    'providersub',
    'providerid',
    'uid',
  ],
}

const AT = '(?:_(?:at|on|date|time|datetime|timestamp|ts|ms|epoch))?$'
const OF_USER = '^(?:is_|was_|user_|account_|login_|member_)?'

/**
 * For names that nobody foresaw. Whole names, but for addresses and hashes: `newsletter_active` says nothing of the user, and a
 * wrong guess would ban everybody.
 */
const LOOKS: Partial<Record<Field, RegExp>> = {
  email:
    /^(?!.*(?:verif|confirm|token|change|sent|new|old|second|backup|recovery|hash|count|opt|notif|_at$|_on$|_id$)).*mail/,
  password:
    /^(?!.*(?:reset|token|chang|sent|_at$|expir|salt|hint|set|valid|forgot|recover|algo|type|need|must|count)).*(?:passw|pwd|_pw$|^pw_|passhash|(?:^|_)pass_|_hash$|^hash_)/,
  verified: new RegExp(`${OF_USER}(?:e_?mail_|mail_)?(?:address_)?(?:verified|confirmed|validated)(?:_e?mail)?${AT}`),
  banned: new RegExp(`${OF_USER}(?:disabled|banned|blocked|suspended|locked|deactivated)${AT}`),
  active: new RegExp(`${OF_USER}(?:active|enabled)$`),
  deleted: new RegExp(`${OF_USER}(?:soft_)?(?:deleted|removed)${AT}`),
  admin: new RegExp(`${OF_USER}(?:site_|super_)?(?:admin|administrator|superuser)$`),
  createdAt: new RegExp(
    `^(?:user_|account_|date_|time_)?(?:created|creation|create|joined|join|registered|registration|register|signed_up|sign_?up|member_since|inserted|added)${AT}`,
  ),
  phone: /^(?!.*(?:verif|confirm|token|sent)).*(?:phone|mobile)/,
}
/** An id that is called otherwise; the first column that ends so. */
const ID = /(?:^|_)(?:id|no|nr|number|key|uid|uuid)$/

/** Which column tells what. Exact names come first, so that `password` is not taken by `password_legacy_hash`. */
export function columnsOf(names: readonly string[], preferred: Preferred = {}): Columns {
  const columns: Columns = {}
  const taken = new Set<string>()
  const take = (field: Field, found: string | undefined) => {
    if (found === undefined || columns[field] !== undefined) return
    columns[field] = found
    taken.add(found)
  }
  for (const field of FIELDS) {
    if (preferred[field]?.length === 0) continue
    const wanted = [...(preferred[field] ?? []), ...NAMES[field]]
    const best = wanted.find((name) => names.some((column) => plain(column) === name && !taken.has(column)))
    take(
      field,
      names.find((column) => plain(column) === best && !taken.has(column)),
    )
  }
  for (const field of FIELDS) {
    const looks = LOOKS[field]
    if (looks && preferred[field]?.length !== 0)
      take(
        field,
        names.find((column) => !taken.has(column) && looks.test(snake(column))),
      )
  }
  const [first] = names
  const isKey =
    first !== undefined && !taken.has(first) && columns.email !== undefined && columns.password !== undefined
  // Where nothing is called so, a table begins with its key.
  take('id', isKey ? first : names.find((column) => !taken.has(column) && ID.test(snake(column))))
  return columns
}

export const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
const snake = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
