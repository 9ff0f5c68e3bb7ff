import type { MailKind } from '../kinds.ts'

/** Form and rules: texts-en.ts. */
export const GERMAN: Record<MailKind, string> = {
  'verify-email': `
Subject: Bestätigen Sie Ihre E-Mail-Adresse

Jemand, hoffentlich Sie, hat bei {{brand}} mit der Adresse {{email}} ein Konto erstellt. Bestätigen Sie, dass die Adresse Ihnen gehört:

[E-Mail-Adresse bestätigen] {{link}}

Sie werden nach dem Passwort des Kontos gefragt. Der Link gilt einmal und {{validity}} lang.

Wenn Sie das Passwort nicht kennen, wählen Sie ein neues: {{forgotPassword}}

Wenn Sie kein Konto erstellt haben, ignorieren Sie diese E-Mail. Ohne Ihre Bestätigung kann niemand das Konto benutzen.`,

  'account-exists': `
Subject: Sie haben bereits ein Konto

Jemand, hoffentlich Sie, wollte die Adresse {{email}} für ein neues Konto bei {{brand}} verwenden. Sie haben dort bereits ein Konto. Es wurde nichts geändert.

[Anmelden] {{signIn}}

Wenn Sie das Passwort vergessen haben, wählen Sie ein neues: {{forgotPassword}}

Wenn Sie das nicht waren, ignorieren Sie diese E-Mail.`,

  'reset-password': `
Subject: Wählen Sie ein neues Passwort

Sie möchten für Ihr Konto bei {{brand}} ein neues Passwort wählen.

[Neues Passwort wählen] {{link}}

Der Link gilt einmal und {{validity}} lang. Wenn Sie einen weiteren anfordern, gilt nur der neueste.

Wenn Sie das nicht angefordert haben, ignorieren Sie diese E-Mail. Ihr Passwort bleibt unverändert.`,

  'password-changed': `
Subject: Ihr Passwort wurde geändert

Das Passwort Ihres Kontos bei {{brand}} wurde am {{when}} geändert. Alle anderen Geräte wurden abgemeldet.

Wenn Sie das waren, ist nichts weiter zu tun.

Wenn nicht, wählen Sie jetzt ein neues Passwort:

[Neues Passwort wählen] {{forgotPassword}}

Wenn Sie Hilfe brauchen, wenden Sie sich an uns: {{support}}`,

  'confirm-email-change': `
Subject: Bestätigen Sie die Änderung Ihrer E-Mail-Adresse

Sie möchten die Adresse Ihres Kontos bei {{brand}} von {{email}} in {{newEmail}} ändern.

[Änderung bestätigen] {{link}}

Danach senden wir eine E-Mail an die neue Adresse. Die Änderung gilt, sobald Sie auch diese bestätigen. Dieser Link gilt einmal und {{validity}} lang.

Wenn Sie das nicht waren, benutzt möglicherweise jemand anderes Ihr Konto. Wählen Sie ein neues Passwort, damit werden alle abgemeldet: {{forgotPassword}}`,

  'verify-new-email': `
Subject: Bestätigen Sie Ihre neue E-Mail-Adresse

Das Konto bei {{brand}} verwendet die Adresse {{email}}, sobald Sie sie bestätigen:

[E-Mail-Adresse bestätigen] {{link}}

Der Link gilt einmal und {{validity}} lang.

Wenn Sie das nicht angefordert haben, ignorieren Sie diese E-Mail.`,

  'email-changed': `
Subject: Ihre E-Mail-Adresse wurde geändert

Die Adresse Ihres Kontos bei {{brand}} wurde am {{when}} in {{newEmail}} geändert. Melden Sie sich ab jetzt mit der neuen Adresse an.

Wenn Sie das nicht waren, wenden Sie sich sofort an uns: {{support}}`,

  'delete-account': `
Subject: Bestätigen Sie die Löschung Ihres Kontos

Sie möchten Ihr Konto bei {{brand}} und alles, was dazugehört, löschen. Das lässt sich nicht rückgängig machen.

[Mein Konto löschen] {{link}}

Der Link gilt einmal und {{validity}} lang. Sie müssen angemeldet sein.

Wenn Sie das nicht waren, benutzt möglicherweise jemand anderes Ihr Konto. Wählen Sie ein neues Passwort, damit werden alle abgemeldet: {{forgotPassword}}`,

  'sign-in': `
Subject: Bei {{brand}} anmelden

Jemand, hoffentlich Sie, möchte sich bei {{brand}} als {{email}} anmelden.

[Anmelden] {{link}}

Der Link gilt einmal und {{validity}} lang, in jedem Browser.

Um sich dort anzumelden, wo Sie diese E-Mail angefordert haben, geben Sie dort diesen Code ein. Er gilt einmal und {{codeValidity}} lang. Nennen Sie ihn niemandem, egal wer danach fragt.

{{code}}

Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ohne sie kann sich niemand anmelden.`,

  'account-deleted': `
Subject: Ihr Konto wurde gelöscht

Ihr Konto bei {{brand}} wurde am {{when}} gelöscht, mit allem, was dazugehörte.

Wenn Sie das nicht waren, wenden Sie sich an uns: {{support}}`,

  'new-sign-in': `
Subject: Neue Anmeldung in Ihrem Konto

Jemand, hoffentlich Sie, hat sich in Ihrem Konto bei {{brand}} mit einem Browser angemeldet, der dafür bisher nicht benutzt wurde.

Gerät: {{device}}

Adresse: {{ipAddress}}

Zeit: {{when}}

Wenn Sie das waren, ist nichts weiter zu tun.

Wenn nicht, melden Sie dieses Gerät ab:

[Geräte ansehen] {{devices}}

Wählen Sie dann ein neues Passwort: {{forgotPassword}}`,

  'security-changed': `
Subject: {{title}}

{{change}}

Gerät: {{device}}

Adresse: {{ipAddress}}

Zeit: {{when}}

Wenn Sie das waren, ist nichts weiter zu tun.

Wenn nicht, benutzt möglicherweise jemand anderes Ihr Konto. Sehen Sie nach, was getan wurde, und melden Sie alle anderen Geräte ab:

[Konto ansehen] {{activity}}

Wählen Sie dann ein neues Passwort: {{forgotPassword}}

Wenn Sie Hilfe brauchen, wenden Sie sich an uns: {{support}}`,
}
