/**
 * The style of the page. Colours only repeat what words and shapes say. The dark ones are for screens only, not for
 * print.
 */
export const STYLE = `
:root {
  color-scheme: light;
  --page: #f6f7f9; --card: #fff; --band: #eef1f5; --ink: #1b2027; --soft: #545d68; --line: #d3d9e0;
  --passed: #116329; --failed: #c01c28; --error: #9a3c00; --flaky: #7a5200; --link: #0550ae; --lane: #9aa5b1;
  --press: #0550ae; --answer: #545d68; --event: #6b2fb3;
  --failed-back: #fdf0f0; --note-back: #fdf6e3;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --page: #0e1217; --card: #161b22; --band: #1f2630; --ink: #e4e9ef; --soft: #9ca6b2; --line: #333c47;
    --passed: #57c26a; --failed: #ff8078; --error: #ffab66; --flaky: #e0b341; --link: #7ab8ff; --lane: #566270;
    --press: #7ab8ff; --answer: #9ca6b2; --event: #d0a8ff;
    --failed-back: #2b1a1d; --note-back: #2a2416;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 7rem; }
body {
  margin: 0 auto; padding: 1.5rem; max-width: 84rem; background: var(--page); color: var(--ink);
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
code, pre, .file, .place { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .92em; }
a { color: var(--link); text-underline-offset: .15em; }
h1, h2, h3, h4, p, dl, dd, pre { margin: 0; }
h1 { font-size: 1.6rem; display: flex; flex-wrap: wrap; align-items: center; gap: .75rem; }
h2 { font-size: 1.1rem; }
h3, h4 { margin: 1.25rem 0 .4rem; font-size: 1rem; }
.icon { flex: none; vertical-align: -.15em; }
.facts { color: var(--soft); display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
.none { color: var(--soft); }
.ms { color: var(--soft); font-weight: normal; white-space: nowrap; }
.tag { display: inline-block; max-width: 14em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; padding: 0 .5em; border: 1px solid var(--line); border-radius: 1em; font-size: .9em; }

.badge { display: inline-flex; align-items: center; gap: .35em; font-size: 1rem; font-weight: 600; white-space: nowrap; }
.badge.passed { color: var(--passed); }
.badge.failed { color: var(--failed); }
.badge.error { color: var(--error); }
.badge.flaky { color: var(--flaky); }
.badge.skipped, .badge.stopped { color: var(--soft); }
td .badge { font-size: inherit; }
h1 .badge { padding: .1em .6em; border: 2px solid; border-radius: .4em; }

.counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0 .75rem; }
.counts div { display: flex; flex-direction: column-reverse; min-width: 6.5em; padding: .4rem .8rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.counts dt { color: var(--soft); }
.counts dd { font-size: 1.5rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.counts .passed dd { color: var(--passed); }
.counts .flaky dd { color: var(--flaky); }
.counts .failed dd { color: var(--failed); }
.counts .error dd { color: var(--error); }
.counts .zero dd { color: var(--soft); font-weight: normal; }

table { width: 100%; border-collapse: separate; border-spacing: 0; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: top; font-weight: normal; }
thead th { overflow-wrap: normal; color: var(--soft); font-weight: 600; }
.status, .when, .took, .tries, .number, .steps .place { white-space: nowrap; }
.when, .took, .tries { text-align: right; font-variant-numeric: tabular-nums; }
.overview { margin: 1.25rem 0; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
.overview tbody th { font-weight: 600; }
.overview .tags { width: 12em; }
.audio td { font-variant-numeric: tabular-nums; }
.overview tbody th, .overview tbody td, .audio tbody > tr > *, .steps tbody > tr > * { border-top: 1px solid var(--line); }
.file, .place { color: var(--soft); }

.scenario { margin: 0 0 1rem; background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--soft); border-radius: 6px; }
.scenario:not([open]) { margin-bottom: .4rem; }
.scenario.passed { border-left-color: var(--passed); }
.scenario.failed { border-left-color: var(--failed); }
.scenario.error { border-left-color: var(--error); }
.scenario.flaky { border-left-color: var(--flaky); }
summary { padding: .6rem 1rem; cursor: pointer; }
summary h2, summary h3 { display: inline; margin: 0; }
summary h2, summary h3, summary .ms { margin-left: .5rem; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.body { padding: 0 1rem 1rem; }
.attempt { margin-top: 1.25rem; border: 1px solid var(--line); border-radius: 6px; }
.explanation, .note { margin-top: .75rem; padding: .7rem 1rem; border-left: 3px solid var(--failed); background: var(--failed-back); }
.note { border-left-color: var(--flaky); background: var(--note-back); }
.explanation .where { color: var(--soft); }
.explanation .what { font-size: 1.05rem; font-weight: 600; color: var(--failed); }
.explanation pre { margin: .5rem 0; white-space: pre-wrap; }

.steps tbody:not(:last-child) tr:last-child > * { border-bottom: 2px solid var(--line); }
.steps tr.skipped > * { color: var(--soft); }
.steps .message, .mark .message { color: var(--failed); }

.timeline table { table-layout: fixed; }
.timeline.wide { overflow: auto; max-height: 92vh; scroll-padding: 7rem 0 0 7em; }
.timeline.wide .lane { width: 11em; }
.timeline.wide tr > th:first-child { position: sticky; left: 0; z-index: 1; background: var(--card); }
.timeline.wide thead th:first-child { z-index: 2; }
.timeline.wide .step > th:first-child { background: var(--band); }
.timeline.single { max-width: 48rem; }
.timeline .time { width: 6.6em; }
.timeline thead th { position: sticky; top: 0; z-index: 1; padding: .4rem .3rem .3rem; background: var(--card); vertical-align: bottom; }
.timeline tbody th { padding: .2rem .6rem; text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.timeline td { position: relative; padding: .2rem .4rem .2rem .8rem; }
.timeline td:not([colspan])::before { content: ""; position: absolute; top: 0; bottom: 0; left: calc(.8rem + 6px); border-left: 2px solid var(--lane); }
.phone { padding: .3rem .6rem; border: 2px solid var(--soft); border-radius: 5px; color: var(--ink); font-weight: normal; line-height: 1.3; overflow-wrap: anywhere; }
.phone.virtual { border-style: dashed; }
.phone .role { font-weight: 700; font-size: 1.05rem; }
.phone .role, .phone .name, .phone .facts, .mark .remote { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-clamp: 2; overflow: hidden; }
.phone .facts { font-size: .92em; }
.mark { position: relative; display: flex; gap: .5rem; }
.mark .icon { margin-top: .2em; }
.mark .icon [fill="none"] { fill: var(--card); }
.mark .kind { font-weight: normal; }
.end .kind { font-weight: 600; }
.mark .remote { color: var(--soft); font-size: .92em; }
.mark .because { color: var(--soft); font-size: .92em; }
.press > .icon, .press .kind { color: var(--press); }
.answer > .icon, .answer .kind { color: var(--answer); }
.event > .icon, .event .kind { color: var(--event); }
.sip, .ignored, .steps .sound { color: var(--soft); }
.sip { font-size: .92em; }
.met .event-name { font-weight: 600; }
.met .because { color: var(--passed); }
.mark.bad, .mark.bad .kind, .mark.bad > .icon, .end > .icon, .end .kind { color: var(--failed); }
.end > span { padding: 0 .5rem .1rem; border: 2px solid var(--failed); border-radius: 4px; background: var(--failed-back); }
.end.missing > span, .end.stopped > span { border-style: dashed; }
.end.stopped > .icon, .end.stopped .kind { color: var(--soft); }
.end.stopped > span { border-color: var(--soft); background: var(--band); }
.step th, .step td { background: var(--band); }
.timeline .step td { padding-left: .8rem; }
.timeline td:target, .timeline .step:target > * { background: var(--note-back); }
.timeline .gap th { padding-top: 0; padding-bottom: 0; font-size: .92em; font-style: italic; }
.timeline .gap td::before { border-left-style: dotted; }

@media (max-width: 60rem) {
  body { padding: .75rem; font-size: 13px; }
  th, td { padding: .25rem .4rem; }
  .body { padding: 0 .6rem .75rem; }
}
@media screen and (max-width: 48rem) {
  html { scroll-padding-top: 1rem; }
  .body { padding: 0 .5rem .75rem; }
  .scroller, .timeline.several { overflow: auto; }
  .timeline.several { max-height: 92vh; }
  .timeline.several .lane { width: 11em; }
  .scroller > table { min-width: 42rem; }
  :is(.overview, .steps) > thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  :is(.overview, .steps), :is(.overview, .steps) > tbody { display: block; }
  :is(.overview, .steps) > tbody > tr { display: grid; gap: .1rem .6rem; padding: .4rem .5rem; border-top: 1px solid var(--line); }
  :is(.overview, .steps) > tbody > tr > * { padding: 0; border: 0 !important; min-width: 0; }
  .overview > tbody > tr { grid-template: "status name took" "file file tries" "tags tags tags" / 6em minmax(0, 1fr) auto; }
  .overview .file { grid-area: file; }
  .overview .tags { grid-area: tags; width: auto; }
  .overview .tags:empty { display: none; }
  .overview .took::after { content: " ms"; }
  .overview .tries::before { content: "tries: "; }
  .steps > tbody > tr { grid-template: "number status when took" "who what what place" / 5.5em minmax(0, 1fr) auto auto; }
  .steps .who { grid-area: who; }
  .steps .what { grid-area: what; }
  .steps .place { grid-area: place; text-align: right; }
}
@media print {
  body { padding: 0; max-width: none; font-size: 9.5pt; }
  :root { --page: #fff; }
  .timeline.wide { overflow: visible; max-height: none; font-size: 7pt; }
  .timeline thead th, .timeline.wide tr > th:first-child { position: static; }
  .timeline.wide .lane { width: auto; }
  tr, .explanation, .note, .counts { break-inside: avoid; }
  h3, h4, summary, .step { break-after: avoid; }
  .step th, .step td { border-top: 1px solid var(--line); }
}
`;
