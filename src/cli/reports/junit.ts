import { visibleLines } from '../../errors/visible.ts';
import { type Case, detailsText, type Suite, type SuiteProblem } from './suite.ts';

/**
 * JUnit XML. Failures and errors are distinguished, as build servers do.
 *
 * @param ms - the duration of the run; suites run concurrently
 */
export function junit(suites: readonly Suite[], ms: number): string {
  const all = { cases: suites.flatMap(({ cases }) => cases), ms };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="atcom" ${counts(all)}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${xml(suite.name)}" ${counts(suite)}>`,
      ...suite.cases.map(caseText),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function counts({ cases, ms }: Pick<Suite, 'cases' | 'ms'>): string {
  const count = (kind: SuiteProblem['kind']) => cases.filter(({ problem }) => problem?.kind === kind).length;
  return [
    `tests="${cases.length}"`,
    `failures="${count('failure')}"`,
    `errors="${count('error')}"`,
    `skipped="${count('skipped')}"`,
    `time="${seconds(ms)}"`,
  ].join(' ');
}

function caseText({ className, name, place, ms, problem, note }: Case): string {
  const where = place === undefined ? '' : ` file="${xml(place.file)}" line="${place.line}"`;
  const open = `    <testcase classname="${xml(className)}" name="${xml(name)}"${where} time="${seconds(ms)}"`;
  const inner = [
    ...(problem === undefined ? [] : [problemText(problem)]),
    ...(note === undefined ? [] : [`<system-out>${xml(note)}</system-out>`]),
  ];
  if (inner.length === 0) return `${open}/>`;
  return `${open}>\n${inner.map((text) => `      ${text}\n`).join('')}    </testcase>`;
}

function problemText(problem: SuiteProblem): string {
  const { kind, code, message } = problem;
  if (kind === 'skipped') return `<skipped message="${xml(message)}"/>`;
  return `<${kind} message="${xml(message)}" type="${code}">${xml(detailsText(problem))}</${kind}>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Build servers show what it contains, so it is made visible; XML 1.0 has no place for half a surrogate pair. */
function xml(text: string): string {
  return visibleLines(text)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
