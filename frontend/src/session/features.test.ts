import { expect, test } from 'vitest'
import contract from '../../../contract/features.json' with { type: 'json' }
import { clientOf, responding } from '../../test/service.ts'
import { createFeatures, fetchFeatures } from './features.ts'

const examples: Record<string, unknown> = { list: [{ id: 'own', name: 'Own' }], number: 12, boolean: true }
const exampleOf = (type: string) => examples[type]
const all = Object.fromEntries(Object.entries(contract.features).map(([name, type]) => [name, exampleOf(type)]))

test('the pages know the features of the contract', async () => {
  const auth = await clientOf(responding(200, {}, JSON.stringify(all)))
  expect(await fetchFeatures(auth)).toEqual(all)
})

test('a feature that an older server does not name is off', async () => {
  const auth = await clientOf(responding(200, {}, '{"signUp":true}'))
  expect(await fetchFeatures(auth)).toMatchObject({ signUp: true, mail: false, providers: [] })
})

test('features that could not be loaded are unknown, and are asked for again', async () => {
  const responses = [Promise.reject(new Error('unavailable')), Promise.resolve({ ...all } as never)]
  const features = createFeatures(() => responses.shift() ?? Promise.reject(new Error('asked too often')))
  await features.load()
  expect(features.get()).toBeNull()

  await Promise.all([features.load(), features.load()])
  await features.load()
  expect(features.get()).toEqual(all)
})
