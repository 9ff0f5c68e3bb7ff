/**
 * Runs on the inbox's pages. They are complete without it; it keeps the list current and writes times as their reader does.
 * A file of its own, in the language that browsers run: the policy of these pages allows no other script.
 */

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })
const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const long = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' })

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
]

/** @param {number} time */
function ago(time) {
  const seconds = Math.min(0, Math.round((time - Date.now()) / 1000))
  if (seconds > -45) return relative.format(0, 'second')
  const [unit, length] = units.find(([, length]) => -seconds >= length) ?? ['second', 1]
  return relative.format(Math.round(seconds / length), unit)
}

function writeTimes() {
  for (const element of document.querySelectorAll('time')) {
    const time = Date.parse(element.dateTime)
    const absolute = document.createElement('span')
    absolute.textContent = (element.closest('dl') ? long : short).format(time)
    const distance = document.createElement('span')
    distance.textContent = ago(time)
    // The page is English, its times are in the reader's language.
    element.lang = relative.resolvedOptions().locale
    element.replaceChildren(absolute, ' ', distance)
  }
}

/**
 * The page as it is now. Read by XMLHttpRequest, which gives a document: text that is parsed here would be markup that the
 * policy (Trusted Types) rightly refuses.
 *
 * @returns {Promise<Document>}
 */
function current() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', '/')
    request.responseType = 'document'
    request.onload = () => (request.responseXML ? resolve(request.responseXML) : reject(new Error('no page')))
    request.onerror = () => reject(new Error('unavailable'))
    request.send()
  })
}

/** Rows that are there already stay the same elements: focus, selection and scroll position do not move. */
async function refresh() {
  const next = await current()
  for (const id of ['count', 'mails']) {
    const [here, there] = [document.getElementById(id), next.getElementById(id)]
    if (!here || !there) continue
    const known = new Map([...here.children].map((child) => [child.id, child]))
    const children = [...there.children].map((child) => (child.id && known.get(child.id)) || child)
    if (here.children.length === 0) here.textContent = there.textContent
    else place(here, children)
  }
  writeTimes()
}

/**
 * Moves nothing that stands where it should: an element that is taken out loses the focus.
 *
 * @param {Element} parent
 * @param {Element[]} children
 */
function place(parent, children) {
  const kept = new Set(children)
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove()
  children.forEach((child, index) => {
    const there = parent.children[index]
    if (there !== child) parent.insertBefore(child, there ?? null)
  })
}

/** @param {HTMLElement} notice */
function follow(notice) {
  const events = new EventSource('/events')
  const update = () => refresh().catch(() => undefined)
  events.onmessage = update
  events.onopen = () => {
    notice.textContent = ''
    void update()
  }
  events.onerror = () => {
    notice.textContent = 'The inbox cannot be reached. Trying again…'
    // A response that is no stream of events ends the attempts of the browser.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => follow(notice), 2000)
  }
  // A browser has few connections to one server: tabs that nobody sees leave theirs to the others.
  document.addEventListener(
    'visibilitychange',
    () => {
      events.close()
      whenVisible(() => follow(notice))
    },
    { once: true },
  )
}

/** @param {() => void} act */
function whenVisible(act) {
  if (document.visibilityState === 'visible') return act()
  document.addEventListener('visibilitychange', () => whenVisible(act), { once: true })
}

writeTimes()
setInterval(writeTimes, 30_000)
const notice = document.getElementById('notice')
if (notice) whenVisible(() => follow(notice))
