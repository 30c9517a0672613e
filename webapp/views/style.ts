import { hash } from "node:crypto";

/** The pages' one style sheet: system fonts, light and dark by the visitor's choice, phone to desktop. */
export const STYLE = `:root {
  color-scheme: light dark;
  --paper: #fbfaf8;
  --surface: #ffffff;
  --ink: #1d2330;
  --muted: #586072;
  --line: #dcdfe6;
  --accent: #1f5fbf;
  --on-accent: #ffffff;
  --alarm: #a8261c;
  --note: #f3efe2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171d;
    --surface: #1c2028;
    --ink: #e8eaf0;
    --muted: #a4acbc;
    --line: #353b47;
    --accent: #7fb0ff;
    --on-accent: #0d1420;
    --alarm: #ff9d92;
    --note: #2b2a22;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif;
}
:lang(ja) { line-break: strict; }
:lang(ja) :is(header, main) { word-break: auto-phrase; }
a { color: var(--accent); }
header {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.5rem;
  align-items: baseline;
  max-width: 44rem;
  margin: 0 auto;
  padding: 1.25rem 1.25rem 0;
}
.brand { font-weight: 650; color: var(--ink); text-decoration: none; margin-inline-end: auto; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
@media (max-width: 30rem) {
  header { position: relative; }
  nav { flex-basis: 100%; font-size: 0.875rem; column-gap: 0.75rem; }
  nav a[href="/login"] { position: absolute; top: 1.125rem; right: 1.25rem; }
}
nav a { color: var(--muted); text-decoration: none; padding: 0.25rem 0; border-bottom: 2px solid transparent; }
nav a:hover { color: var(--ink); }
nav a[aria-current] { color: var(--ink); border-bottom-color: var(--accent); }
main {
  max-width: 41.5rem;
  margin: 1.25rem auto 3rem;
  padding: clamp(1.25rem, 4vw, 2.5rem);
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  overflow-wrap: anywhere;
  text-wrap: pretty;
}
main > :last-child { margin-bottom: 0; }
@media (max-width: 45rem) { main { margin-inline: 0.75rem; } }
h1 { margin: 0 0 0.75rem; font-size: clamp(1.4rem, 1.1rem + 1.6vw, 1.9rem); line-height: 1.25; font-weight: 650; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.15rem; }
p { margin: 0 0 1rem; }
.count { font-size: 1.25rem; }
.count strong { font-size: 2.5rem; font-variant-numeric: tabular-nums; line-height: 1; margin-inline-start: 0.25rem; }
.note { background: var(--note); border-radius: 0.5rem; padding: 0.75rem 1rem; }
.muted { color: var(--muted); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.35rem 1.25rem; margin: 0 0 1.5rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; }
@media (max-width: 30rem) { .facts { grid-template-columns: 1fr; gap: 0; } .facts dd { margin-bottom: 0.6rem; } }
code { font: 0.9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
figure { margin: 0 0 1.5rem; }
.box { border: 1px solid var(--muted); border-radius: 0.75rem; background: var(--paper); padding: 1rem 1.25rem; }
.box p { margin: 0; }
.box .place { font-weight: 600; }
.fields { display: grid; grid-template-columns: max-content 1fr; margin: 0.75rem 0 0; }
.fields dt, .fields dd { margin: 0; padding: 0.45rem 0; border-top: 1px solid var(--line); }
.fields dt { padding-inline-end: 1.25rem; }
@media (max-width: 30rem) { .fields { grid-template-columns: 1fr; } .fields dt { padding-bottom: 0; } .fields dd { padding-top: 0; border-top: 0; } }
.arrow { margin: 0 0 0 2rem; padding: 0.9rem 0 1.1rem 1.25rem; border-inline-start: 2px solid var(--muted); position: relative; color: var(--muted); }
.arrow::after { content: ""; position: absolute; inset: auto auto 0 -6px; border: 5px solid transparent; border-top: 9px solid var(--muted); border-bottom: 0; }
.life svg { display: block; overflow: visible; font-size: 0.9rem; fill: var(--ink); }
.life .rest { fill: var(--note); stroke: var(--muted); }
.life .past { fill: var(--muted); }
.life .left { fill: var(--accent); stroke: var(--accent); stroke-width: 2; }
.life .zoom { stroke: var(--accent); stroke-dasharray: 4 4; }
.life line.now { stroke: var(--ink); stroke-width: 2; }
.life text.now { font-weight: 600; }
figcaption { margin-top: 0.75rem; color: var(--muted); }
.sessions { list-style: none; padding: 0; margin: 0; }
.sessions li { display: flex; gap: 1rem; align-items: center; justify-content: space-between; padding: 0.6rem 0; border-top: 1px solid var(--line); }
.sessions form { flex: none; }
.problem { color: var(--alarm); margin: 0.25rem 0 0; }
label { display: block; font-weight: 600; margin-bottom: 0.25rem; }
input[type="text"], input[type="password"] {
  display: block;
  width: 100%;
  max-width: 24rem;
  font: inherit;
  color: inherit;
  background: var(--paper);
  border: 1px solid var(--muted);
  border-radius: 0.5rem;
  padding: 0.6rem 0.75rem;
}
fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: 0.25rem; }
fieldset label { display: inline-flex; align-items: center; gap: 0.5rem; min-height: 2.75rem; padding-inline-end: 1.5rem; font-weight: 400; }
input[type="radio"] { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
.after { margin-top: 0.75rem; }
input[aria-invalid] { border-color: var(--alarm); }
button, .button {
  display: inline-block;
  margin-top: 1rem;
  padding: 0.6rem 1.25rem;
  min-height: 2.75rem;
  font: inherit;
  font-weight: 600;
  color: var(--on-accent);
  background: var(--accent);
  border: 0;
  border-radius: 0.5rem;
  cursor: pointer;
  text-decoration: none;
}
button:hover, .button:hover { filter: brightness(1.08); }
button.quiet { color: var(--ink); background: transparent; border: 1px solid var(--muted); margin-top: 0; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--surface); padding: 0.5rem 1rem; }
`;

/** The address changes with the content, so a browser may keep each version for a year. */
export const STYLE_URL = `/style.css?v=${hash("sha256", STYLE, "hex").slice(0, 12)}`;
