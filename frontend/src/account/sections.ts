import type { ComponentType } from 'react'
import type { User } from '../session/user.ts'
import { Activity } from './activity/Activity.tsx'
import { Deletion } from './change/Deletion.tsx'
import { Email } from './change/Email.tsx'
import { Password } from './change/Password.tsx'
import { ConnectedServices } from './connected-services/ConnectedServices.tsx'
import { Devices } from './devices/Devices.tsx'
import { Profile } from './Profile.tsx'
import { Passkeys } from './passkeys/Passkeys.tsx'
import { SignInMethods } from './sign-in-methods/SignInMethods.tsx'
import { TwoFactor } from './two-factor/TwoFactor.tsx'

export interface SectionProps {
  /** Of its element: a link to /account#id leads to it. Fields have ids too: none is called like a section. */
  id: string
  user: User
  /** Of all sections of the page, to lead to another one. */
  ids: readonly string[]
}

/**
 * The sections of the account page, in their order. To add one: a component that shows an `AccountSection`, in a folder of its
 * own if it has calls or several files, and a line here. A section that has nothing to offer shows nothing.
 */
export const sections: Readonly<Record<string, ComponentType<SectionProps>>> = {
  profile: Profile,
  'change-email': Email,
  'change-password': Password,
  passkeys: Passkeys,
  'two-factor': TwoFactor,
  'sign-in-methods': SignInMethods,
  'connected-services': ConnectedServices,
  devices: Devices,
  activity: Activity,
  'delete-account': Deletion,
}
