import type { MailKind } from '../kinds.ts'

/**
 * As in a template of the operator's (docs/mail.md): the subject, an empty line, paragraphs. `[Label] {{link}}` alone is a button. A
 * paragraph whose placeholder has no value is left out. No mail says a user's name: whoever signs up chooses it, and with it
 * what strangers would read.
 */
export const ENGLISH: Record<MailKind, string> = {
  'verify-email': `
Subject: Confirm your email address

Someone, hopefully you, created an account at {{brand}} with the address {{email}}. Confirm that the address is yours:

[Confirm email address] {{link}}

You will be asked for the password of the account. The link works once, for {{validity}}.

If you do not know the password, choose a new one: {{forgotPassword}}

If you did not create an account, ignore this email. Nobody can use the account without your confirmation.`,

  'account-exists': `
Subject: You already have an account

Someone, hopefully you, tried to use the address {{email}} for a new account at {{brand}}. You already have one. Nothing was changed.

[Sign in] {{signIn}}

If you forgot the password, choose a new one: {{forgotPassword}}

If this was not you, ignore this email.`,

  'reset-password': `
Subject: Choose a new password

You asked for a new password for your account at {{brand}}.

[Choose a new password] {{link}}

The link works once, for {{validity}}. If you ask again, only the newest link works.

If you did not ask for this, ignore this email. Your password stays the same.`,

  'password-changed': `
Subject: Your password was changed

The password of your account at {{brand}} was changed on {{when}}. All other devices were signed out.

If you changed it, you are done.

If you did not, choose a new password now:

[Choose a new password] {{forgotPassword}}

If you need help, contact us: {{support}}`,

  'confirm-email-change': `
Subject: Confirm the change of your email address

You asked to change the address of your account at {{brand}} from {{email}} to {{newEmail}}.

[Confirm the change] {{link}}

We will then send an email to the new address. The change takes effect when you confirm that one too. This link works once, for {{validity}}.

If you did not ask for this, someone may be using your account. Choose a new password, which signs everyone out: {{forgotPassword}}`,

  'verify-new-email': `
Subject: Confirm your new email address

The account at {{brand}} will use the address {{email}} when you confirm it:

[Confirm email address] {{link}}

The link works once, for {{validity}}.

If you did not ask for this, ignore this email.`,

  'email-changed': `
Subject: Your email address was changed

The address of your account at {{brand}} was changed to {{newEmail}} on {{when}}. Use the new address to sign in.

If you did not change it, contact us right away: {{support}}`,

  'delete-account': `
Subject: Confirm the deletion of your account

You asked to delete your account at {{brand}} and everything that belongs to it. This cannot be undone.

[Delete my account] {{link}}

The link works once, for {{validity}}. You have to be signed in.

If you did not ask for this, someone may be using your account. Choose a new password, which signs everyone out: {{forgotPassword}}`,

  'sign-in': `
Subject: Sign in to {{brand}}

Someone, hopefully you, wants to sign in to {{brand}} as {{email}}.

[Sign in] {{link}}

The link works once, for {{validity}}, in any browser.

To sign in where you asked for this email, enter this code there. It works once, for {{codeValidity}}. Tell it to nobody, whoever asks for it.

{{code}}

If this was not you, ignore this email. Nobody can sign in without it.`,

  'account-deleted': `
Subject: Your account was deleted

Your account at {{brand}} was deleted on {{when}}, with everything that belonged to it.

If you did not ask for this, contact us: {{support}}`,

  'new-sign-in': `
Subject: New sign-in to your account

Someone, hopefully you, signed in to your account at {{brand}} in a browser that was not used for it before.

Device: {{device}}

Address: {{ipAddress}}

Time: {{when}}

If this was you, you are done.

If it was not, sign this device out:

[Check your devices] {{devices}}

Then choose a new password: {{forgotPassword}}`,

  'security-changed': `
Subject: {{title}}

{{change}}

Device: {{device}}

Address: {{ipAddress}}

Time: {{when}}

If you changed it, you are done.

If you did not, someone may be using your account. See what was done, and sign out all other devices:

[Check your account] {{activity}}

Then choose a new password: {{forgotPassword}}

If you need help, contact us: {{support}}`,
}
