/** Of the inbox's pages. The greys are those of the app (frontend/src/styles/tokens.css); the brand gives the accent. */
export const style = `
:root { color-scheme: light dark; --ground: light-dark(#f5f4f1, #141512); --surface: light-dark(#ffffff, #1d1e1b);
  --sunk: light-dark(#f5f4f1, #282925); --text: light-dark(#1c1b18, #edece6); --quiet: light-dark(#5e5b54, #aaa89f);
  --line: light-dark(#e3e0d9, #33342f) }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 800px; margin: 0 auto; padding: 24px 16px 48px }
.brand { display: inline-flex; align-items: center; gap: 8px; min-height: 44px; color: var(--quiet); font-weight: 600;
  text-decoration: none }
.brand img { border-radius: 6px }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 16px; margin: 8px 0 16px }
h1 { font-size: 24px; line-height: 1.3; margin: 0; overflow-wrap: anywhere }
h1, dd, .what, .who { unicode-bidi: plaintext }
header p, .who, time, dt, .empty { color: var(--quiet); margin: 0 }
#notice:empty { display: none }
#notice { margin: 0 0 16px; padding: 8px 16px; border-radius: 8px; background: light-dark(#fcf0ee, #36211e);
  color: light-dark(#a5271b, #ff9d8f) }
a { color: var(--accent-text) }
a:hover { color: var(--accent-text-strong) }
#mails { list-style: none; margin: 0; padding: 0 }
#mails, dl, pre, iframe, .card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; overflow: hidden }
li + li { border-top: 1px solid var(--line) }
li a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 16px; padding: 12px 16px; color: inherit;
  text-decoration: none }
li a:hover { background: var(--sunk); color: inherit }
a:focus-visible, pre:focus-visible { outline: 3px solid var(--accent-text); outline-offset: -3px }
.what, .who { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.what { font-weight: 600 }
li time { display: grid; grid-row: 1 / 3; grid-column: 2; text-align: end; font-variant-numeric: tabular-nums }
li time, .who { font-size: 14px; line-height: 24px }
.empty { padding: 48px 16px; text-align: center }
.card { padding: 24px 16px }
.card p { margin: 0 0 8px }
header a, .card a, nav a { display: inline-flex; align-items: center; min-height: 44px }
dl { margin: 0 0 16px; padding: 12px 16px }
dl div { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 0 16px }
dd { margin: 0; overflow-wrap: anywhere }
dd time { color: inherit }
dd time span + span::before { content: '· ' }
nav { display: flex; gap: 24px }
nav [aria-current] { color: var(--text); font-weight: 600; text-decoration: none }
pre { margin: 0; padding: 16px; white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; unicode-bidi: plaintext }
iframe { display: block; width: 100%; height: 60vh; background: #fff }
@media (max-width: 560px) {
  li a { grid-template-columns: minmax(0, 1fr) }
  li time { grid-row: auto; grid-column: auto; display: block; text-align: start }
  li time span + span::before { content: '· ' }
  dl div { grid-template-columns: minmax(0, 1fr) }
  dl div + div { margin-top: 8px }
}
`
