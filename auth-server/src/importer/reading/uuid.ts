/** Of 32 digits in hex: the text that PostgreSQL has for a uuid. */
export const uuidOf = (digits: string) => digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
