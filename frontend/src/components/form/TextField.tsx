import type { InputHTMLAttributes } from 'react'
import { Field } from './Field.tsx'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  /** Also the `id`. */
  name: string
  label: string
}

export function TextField({ name, label, ...input }: Props) {
  return (
    <Field name={name} label={label}>
      {(described) => <input {...input} {...described} id={name} name={name} className="input" />}
    </Field>
  )
}
