/** For `node --import`: the clock of this machine, as far off as TEST_CLOCK_SHIFT_MS says. */
const shift = Number(process.env.TEST_CLOCK_SHIFT_MS)
const systemNow = Date.now
const shiftedNow = () => systemNow() + shift

globalThis.Date = new Proxy(Date, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [shiftedNow()] : given, newTarget),
  get: (target, name) => (name === 'now' ? shiftedNow : Reflect.get(target, name)),
})
