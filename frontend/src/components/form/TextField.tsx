import type { InputHTMLAttributes } from 'react'
import { useServices } from '../../services.ts'
import { Field } from './Field.tsx'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  /** Also the `id`. */
  name: string
  label: string
}

/** What is typed here stays while the user goes to another page without a session and back. */
export function TextField({ name, label, ...input }: Props) {
  const { typed } = useServices()
  const own = input.value === undefined ? { defaultValue: typed.get(name) ?? '' } : {}
  return (
    <Field name={name} label={label}>
      {(described) => (
        <input
          {...own}
          {...input}
          {...described}
          id={name}
          name={name}
          dir="auto"
          className="input"
          onInput={(event) => typed.set(name, event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
