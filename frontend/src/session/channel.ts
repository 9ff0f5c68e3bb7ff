type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>

/** Reaches nobody: the other tabs then notice a change when the user returns to them. */
const alone: Channel = { postMessage() {}, addEventListener() {} }

/** A browser that blocks cookies may refuse the channel as well. */
export function openChannel(name: string): Channel {
  try {
    return new BroadcastChannel(name)
  } catch {
    return alone
  }
}
