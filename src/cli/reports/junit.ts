import type { ProvenReport } from '../../receiver/index.ts';
import type { Render } from './index.ts';

/**
 * JUnit XML: a test case a phone. Failures are answers of the phone, errors are phones whose state is not known or that
 * were not reached, so that a build server tells them apart.
 */
export const junit: Render = ({ command, summary, results }) => {
  const kinds = results.map(kindOf);
  const count = (kind: string) => kinds.filter((found) => found === kind).length;
  const attributes = [
    `tests="${results.length}"`,
    `failures="${count('failure')}"`,
    `errors="${count('error')}"`,
    `skipped="${count('skipped')}"`,
    `time="${seconds(summary.ms)}"`,
  ].join(' ');
  const cases = results.map((report, index) => caseText(command, report, kinds[index]));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="atcom" ${attributes}>`,
    `  <testsuite name="atcom ${xml(command)}" ${attributes}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

type Kind = 'failure' | 'error' | 'skipped' | undefined;

function kindOf({ outcome }: ProvenReport): Kind {
  if (outcome === 'ok' || outcome === 'confirmed') return undefined;
  if (outcome === 'skipped') return 'skipped';
  return outcome === 'unreachable' || outcome === 'unknown' ? 'error' : 'failure';
}

function caseText(command: string, report: ProvenReport, kind: Kind): string {
  const open = `    <testcase classname="atcom.${xml(command)}" name="${xml(report.phone)}" time="${seconds(report.ms)}"`;
  if (kind === undefined || !('error' in report)) return `${open}/>`;
  const { message, code, hint = '' } = report.error;
  const inner =
    kind === 'skipped'
      ? `<skipped message="${xml(message)}"/>`
      : `<${kind} message="${xml(message)}" type="${code}">${xml(hint)}</${kind}>`;
  return `${open}>\n      ${inner}\n    </testcase>`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** XML 1.0 has no way to write most control characters, not even escaped; they become the sign for what is not text. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
