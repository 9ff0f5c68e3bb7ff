/** What the forms accept, in characters (code points), as the services count. The numbers are contract/limits.json's. */
export const PASSWORD_MIN = 8
export const PASSWORD_MAX = 128
export const NAME_MAX = 255
export const NOTE_MAX = 2000
