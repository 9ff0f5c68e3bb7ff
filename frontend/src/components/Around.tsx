interface Props {
  /** A text that takes a value. */
  text: (value: string) => string
  /** Words of a user's, which may run in the other direction than the text. */
  value: string
}

const HERE = '\u0000'

export function Around({ text, value }: Props) {
  const [before, after] = text(HERE).split(HERE)
  return (
    <>
      {before}
      <bdi>{value}</bdi>
      {after}
    </>
  )
}
