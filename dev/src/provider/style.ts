/** The greys are those of the app (frontend/src/styles/tokens.css), and the accent is the brand's. */
export const style = `
:root { color-scheme: light dark; --ground: light-dark(#f5f4f1, #141512); --surface: light-dark(#ffffff, #1d1e1b);
  --sunk: light-dark(#f5f4f1, #282925); --text: light-dark(#1c1b18, #edece6); --quiet: light-dark(#5e5b54, #aaa89f);
  --line: light-dark(#e3e0d9, #33342f) }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 448px; margin: 0 auto; padding: 48px 16px }
h1 { font-size: 24px; line-height: 1.3; margin: 0 }
p { color: var(--quiet); margin: 4px 0 24px }
ul { list-style: none; margin: 0 0 16px; padding: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 12px;
  overflow: hidden }
li + li { border-top: 1px solid var(--line) }
label { display: block; margin-bottom: 4px; font-weight: 500 }
form > div { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 16px }
input { flex: 1 1 200px; min-width: 0; min-height: 44px; padding: 8px 12px; border: 1px solid light-dark(#8a867c, #7d7b73); border-radius: 8px;
  background: var(--surface); color: inherit; font: inherit }
input:focus-visible { outline: 2px solid var(--accent-text); outline-offset: -1px }
button { display: grid; width: 100%; min-height: 44px; padding: 12px 16px; border: 0; background: none; color: inherit; font: inherit;
  text-align: start; cursor: pointer; overflow-wrap: anywhere }
button:hover { background: var(--sunk) }
button:focus-visible { outline: 3px solid var(--accent-text); outline-offset: -3px }
.key { padding: 12px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); color: var(--text);
  overflow-wrap: anywhere; user-select: all; -webkit-user-select: all }
code { font: 15px/1.5 ui-monospace, monospace }
.who { font-weight: 600 }
.what { color: var(--quiet) }
.filled { width: auto; align-content: center; border-radius: 8px; background: var(--accent); color: var(--on-accent); font-weight: 600 }
.filled:hover { background: var(--accent-strong) }
.plain { width: auto; border-radius: 8px; color: var(--accent-text); text-decoration: underline }`
