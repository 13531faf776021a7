/** The look of the agent's pages: quiet, so that what is wrong stands out. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --card: #ffffff; --edge: #e1e5eb; --text: #1a2130; --muted: #5a6474; --link: #2450c8;
  --good: #18794e; --good-bg: #e6f4ec; --info: #2450c8; --info-bg: #e9effc; --warn: #8a5200; --warn-bg: #fdf1dc;
  --bad: #b42318; --bad-bg: #fdebe9; --line: #2450c8; --band: #2450c81f; --aim: #fff6d6;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --card: #151b23; --edge: #262d38; --text: #e8ebf0; --muted: #9aa5b5; --link: #8fb0ff;
    --good: #58c48c; --good-bg: #12291f; --info: #8fb0ff; --info-bg: #17233f; --warn: #f0b657; --warn-bg: #2e2310;
    --bad: #ff8f85; --bad-bg: #361715; --line: #8fb0ff; --band: #8fb0ff24; --aim: #2c2a17;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 16px; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
h1, h2, h3, p, dl, dd, figure, ul, ol { margin: 0; padding: 0; }
h1 { font-size: 21px; line-height: 1.25; letter-spacing: -0.01em; font-weight: 650; }
h2 { font-size: 16px; line-height: 1.3; font-weight: 650; }
h3 { font-size: 13px; font-weight: 600; color: var(--muted); }
code { font: 0.9em/1.45 var(--mono); background: var(--ground); border: 1px solid var(--edge); border-radius: 4px; padding: 0 4px; }
pre { margin: 0; padding: 12px 14px; background: var(--ground); border: 1px solid var(--edge); border-radius: 8px; white-space: pre-wrap; }
pre code { background: none; border: 0; padding: 0; }
.page { max-width: 1120px; margin: 0 auto; padding: 20px 24px 40px; display: grid; gap: 16px; }
.narrow .page { max-width: 860px; }
.page > *, .cards > * { min-width: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.muted, .unknown { color: var(--muted); }
.said { unicode-bidi: isolate; }
.sign { width: 1.15em; height: 1.15em; flex: none; vertical-align: -0.2em; }
.good { color: var(--good); } .info { color: var(--info); } .warn { color: var(--warn); } .bad { color: var(--bad); }
header.top { display: flex; flex-wrap: wrap; gap: 4px 24px; justify-content: space-between; align-items: baseline; }
header.top p { color: var(--muted); font-size: 13px; }
header.top h1 + p { font-size: 14px; }
#_alarm:empty { display: none; }
#_alarm { background: var(--bad-bg); color: var(--bad); border: 1px solid currentColor; border-radius: 10px; padding: 12px 16px; font-weight: 600; }
body[data-old] main { opacity: 0.55; }
main { display: grid; gap: 16px; min-width: 0; }
.cards { display: grid; gap: 16px; min-width: 0; }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 12px; padding: 18px 20px; min-width: 0; }
.card > h2 { margin-bottom: 12px; }
.card > h2 + .note { margin-top: -10px; margin-bottom: 12px; }
.note { color: var(--muted); font-size: 13px; }
.state { display: grid; grid-template-columns: auto 1fr; gap: 2px 14px; align-items: center; border-left-width: 5px; }
.state .sign { width: 30px; height: 30px; grid-row: span 2; }
.state h2 { margin: 0; font-size: 20px; letter-spacing: -0.01em; }
.state p { grid-column: 2; color: var(--muted); }
.state.good { border-left-color: var(--good); } .state.info { border-left-color: var(--info); }
.state.warn { border-left-color: var(--warn); } .state.bad { border-left-color: var(--bad); }
.state.card { color: var(--text); }
.facts { display: grid; grid-template-columns: repeat(5, 1fr); gap: 1px; background: var(--edge); padding: 0; overflow: hidden; }
.facts > div { background: var(--card); padding: 14px 18px 16px; min-width: 0; }
.facts dt { font-size: 13px; color: var(--muted); }
.facts dd { font-size: 21px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; }
.facts dd + dd { font-size: 13px; line-height: 1.45; font-weight: 400; letter-spacing: 0; color: var(--muted); }
.plot { display: grid; grid-template-columns: auto 1fr; gap: 4px 10px; }
.plot svg { width: 100%; height: 190px; display: block; border-left: 1px solid var(--edge); border-bottom: 1px solid var(--edge); overflow: hidden; }
.plot .y { display: flex; flex-direction: column; justify-content: space-between; text-align: right; }
.plot .x { grid-column: 2; display: flex; justify-content: space-between; }
.plot .x, .plot .y { font-size: 12px; color: var(--muted); }
path { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
path.grid { stroke: var(--edge); stroke-width: 1; }
path.band { fill: var(--band); stroke: none; }
path.best { stroke: var(--line); stroke-width: 2.25; }
path.odd0, path.odd1, path.odd2, path.odd3 { stroke-width: 2; stroke-linecap: butt; }
path.odd0 { stroke: var(--bad); stroke-dasharray: 7 4; } path.odd1 { stroke: var(--warn); stroke-dasharray: 2 4; }
path.odd2 { stroke: var(--good); stroke-dasharray: 11 4 2 4; } path.odd3 { stroke: var(--muted); stroke-dasharray: 4 8; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 10px; font-size: 13px; list-style: none; }
.legend svg { width: 30px; height: 10px; margin-right: 7px; vertical-align: 0; }
.spark { width: 120px; height: 26px; display: block; } .spark path { stroke: var(--line); stroke-width: 1.5; }
.spark.off path { stroke: var(--bad); }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-size: 13px; font-weight: 500; color: var(--muted); padding: 0 12px 8px 0; vertical-align: bottom; }
td { border-top: 1px solid var(--edge); padding: 10px 12px 10px 0; vertical-align: top; }
tbody th { border-top: 1px solid var(--edge); padding: 10px 12px 10px 0; font-size: 14px; font-weight: 400; vertical-align: top; }
th.n, td.n { text-align: right; }
.nodes th, td.n, td .turn { white-space: nowrap; overflow-wrap: normal; } td:last-child, th:last-child { padding-right: 0; }
td b { font-weight: 600; } td small { display: block; font-size: 13px; color: var(--muted); }
td .word { font-weight: 600; white-space: nowrap; }
.reasons { list-style: none; font-size: 13px; } .reasons code { font-size: 12px; }
:target, .aimed { background: var(--aim); } tr:target td:first-child, tr.aimed td:first-child, li.aimed, li:target { box-shadow: inset 4px 0 var(--link); padding-left: 12px; }
.alerts { list-style: none; display: grid; }
.alerts li { border-top: 1px solid var(--edge); padding: 12px 0; display: grid; grid-template-columns: 104px 1fr auto; gap: 2px 14px; }
.alerts li:first-child { border-top: 0; padding-top: 2px; } .alerts li:last-child { padding-bottom: 0; }
.alerts .what { font-weight: 600; } .alerts .what + p { font-size: 14px; }
.alerts .when { color: var(--muted); font-size: 13px; white-space: nowrap; }
.badge { justify-self: start; align-self: start; font-size: 13px; font-weight: 600; border-radius: 99px; padding: 1px 10px 1px 8px; white-space: nowrap; border: 1px solid transparent; }
.badge.good { background: var(--good-bg); } .badge.info { background: var(--info-bg); } .badge.warn { background: var(--warn-bg); } .badge.bad { background: var(--bad-bg); }
details { margin-top: 12px; } summary { cursor: pointer; color: var(--muted); font-size: 14px; padding: 4px 0; }
.rest { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 2px 20px; margin-top: 8px; font-size: 13px; }
footer { display: flex; flex-wrap: wrap; gap: 6px 20px; font-size: 14px; padding: 4px 2px; } footer nav { display: flex; flex-wrap: wrap; gap: 6px 20px; } footer .note { margin-left: auto; }
nav.crumbs { font-size: 14px; display: flex; gap: 16px; }
.text > p, .text > ol, .text > ul { max-width: 78ch; } .text > * + h2 { margin-top: 22px; } .text > h2 { margin-bottom: 6px; }
.text > p + p, .text > p + ul, .text > ul + p, .text > pre + p, .text > p + pre, .text > table + p { margin-top: 10px; }
.text ol, .text ul { padding-left: 22px; } .text li + li { margin-top: 8px; }
.lead { font-size: 17px; margin-bottom: 4px; }
.scroll { overflow-x: auto; }
@media (max-width: 900px) { .facts { grid-template-columns: repeat(2, 1fr); } .facts > div:first-child { grid-column: span 2; } }
@media (max-width: 820px) {
  .page { padding: 14px 12px 28px; gap: 12px; } .cards, main { gap: 12px; }
  .card { padding: 14px 14px; border-radius: 10px; } .facts { padding: 0; } .facts > div { padding: 10px 14px 12px; } .facts dd { font-size: 19px; }
  .plot svg { height: 150px; } .spark { width: 100%; }
  .nodes, .nodes tbody, .nodes td { display: block; } .nodes thead { display: none; }
  .nodes tr { display: grid; grid-template-columns: 3.3fr 2fr 2.6fr 1.6fr; gap: 8px 10px; border-top: 1px solid var(--edge); padding: 12px 0; }
  .nodes tbody tr:first-child { border-top: 0; padding-top: 0; } .nodes tr:target, .nodes tr.aimed { padding-left: 8px; }
  .nodes td { border: 0; padding: 0; } .nodes td.n { text-align: left; white-space: normal; }
  .nodes td:nth-child(1) { grid-column: 1 / 3; } .nodes td:nth-child(2) { grid-column: 3 / 5; } .nodes td small { line-height: 1.35; } .nodes td:nth-child(7) { grid-column: 1 / 3; } .nodes td:nth-child(8) { grid-column: 3 / 5; }
  .nodes td[data-label]::before { content: attr(data-label); display: block; font-size: 12px; color: var(--muted); }
  .alerts li { grid-template-columns: auto 1fr; } .alerts .body { grid-column: 1 / -1; grid-row: 2; } .alerts .when { text-align: right; white-space: normal; }
  footer .note { margin-left: 0; width: 100%; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { body { background: none; } .card { break-inside: avoid; } footer, nav { display: none; } }
`;
