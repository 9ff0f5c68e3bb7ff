import { tableSystem } from './table-system.ts'

/** Without --legacy-key there is no pepper, as in Devise by default. */
export const devise = tableSystem({
  name: 'devise',
  title: 'Rails with Devise',
  maker: 'devise',
  takes: ['legacy-key'],
  marks: ['encryptedpassword'],
  preferred: {
    password: ['encryptedpassword'],
    verified: ['confirmedat'],
    banned: ['lockedat'],
    secondFactor: ['otpsecret', 'encryptedotpsecret'],
  },
})
