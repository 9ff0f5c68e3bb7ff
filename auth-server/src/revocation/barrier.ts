/**
 * Resolves when everything that was acknowledged before the call has been delivered: `ask` goes over the connection
 * that delivers. Callers that come while one is under way share the next one, because only an ask that was *sent*
 * after they came says anything to them.
 */
export function createBarrier<Passed>(ask: () => Promise<Passed>): () => Promise<Passed> {
  let underWay: Promise<Passed> | undefined
  let next: Promise<Passed> | undefined

  function send(): Promise<Passed> {
    next = undefined
    const sent = ask().finally(() => {
      if (underWay === sent) underWay = undefined
    })
    underWay = sent
    return sent
  }

  return function pass() {
    if (!underWay) return send()
    next ??= underWay.then(send, send)
    return next
  }
}
