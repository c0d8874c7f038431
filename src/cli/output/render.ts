import { seenText } from '../../errors/seen.ts';
import { visible, visibleLines } from '../../errors/visible.ts';
import type { ErrorJson } from '../../errors.ts';
import type { ProvenReport } from '../../phone/index.ts';
import { formatDuration } from '../../protocol/duration.ts';
import type { PlannedRequest } from '../../protocol/plan.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import type { ReportedEvent } from '../../receiver/index.ts';
import { quoteShellWord } from '../../shell.ts';
import type { Paint } from './output.ts';
import { count, widest } from './text.ts';

/**
 * One line per phone: its name, the outcome, and the time it took.
 *
 * @param digits - what was pressed after the proof
 */
export function reportLines(reports: readonly ProvenReport[], paint: Paint, digits?: string): string {
  const names = reports.map(({ phone }) => visible(phone));
  const nameWidth = widest(names);
  const outcomeWidth = widest(reports.map(({ outcome }) => outcome));
  return reports
    .map((report, index) => {
      const { outcome, ms } = report;
      const style = 'error' in report ? 'red' : 'green';
      const line = `${names[index]?.padEnd(nameWidth)}  ${paint(style, outcome.padEnd(outcomeWidth))}  ${ms} ms`;
      return [line, ...storyOf(report, digits), ...earlierText(report)].join('  ');
    })
    .join('\n');
}

/** Which run a result is of, if not of this one. */
export function earlierText({ earlier }: ProvenReport): string[] {
  return earlier === undefined ? [] : [`in the run of ${earlier}`];
}

/** The events that prove a report, or those seen instead. */
function storyOf(report: ProvenReport, digits: string | undefined): string[] {
  if (report.outcome === 'confirmed') {
    const proof = (report.events ?? []).map(({ event }) => event).join(', ') || visible(report.proof ?? '');
    return [digits === undefined ? proof : `${proof}, then pressed ${visible(digits)}`];
  }
  return 'seen' in report && report.seen !== undefined && report.seen.length > 0
    ? [seenText(report.seen)]
    : [];
}

/** `10:00:00  reception  incomingCall  sip:6001@pbx Alice`, in local time. */
export function eventText({ time, phone, event, values }: ReportedEvent, paint: Paint): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const who = [values['remote'] ?? '', values['display_remote'] ?? '']
    .filter((text) => text !== '')
    .join(' ');
  return [paint('dim', clock), visible(phone), paint('bold', event), visible(who)].join('  ').trimEnd();
}

/** The phone and the error, its cause, the remedy, and the code. */
export function errorText(error: ErrorJson, paint: Paint, phone?: string): string {
  return toldText(paint('red', 'error'), error, paint, phone);
}

/** The same of an error that does not change how a run ends. */
export function warningText(error: ErrorJson, paint: Paint): string {
  return toldText(paint('yellow', 'warning'), error, paint);
}

function toldText(kind: string, error: ErrorJson, paint: Paint, phone?: string): string {
  const who = phone === undefined || error.message.startsWith(phone) ? '' : `${visible(phone)}: `;
  const message = `${kind}: ${who}${visibleLines(error.message)} ${paint('dim', `[${error.code}]`)}`;
  return error.hint === undefined
    ? message
    : `${message}\n${paint('bold', '  Fix:')} ${visibleLines(error.hint)}`;
}

/** `3 phones: 2 ok, 1 unreachable`. */
export function summaryText(reports: readonly ProvenReport[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of reports) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = [...counts].map(([outcome, number]) => `${number} ${outcome}`);
  return `${count(reports.length, 'phone')}: ${parts.join(', ')}`;
}

/** The URLs of a plan, one per line, with pauses as comments. */
export function planLines(plan: readonly PlannedRequest[]): string[] {
  return plan.flatMap(({ after, url }) => [...(after > 0 ? [`# wait ${formatDuration(after)}`] : []), url]);
}

/**
 * A plan as curl commands. Tokens contain no quotes, so quoting the URL is enough. curl prompts for the password, so
 * that it is not on the command line.
 */
export function curlLines(plan: readonly PlannedRequest[], settings: PhoneSettings): string[] {
  const { tls = {}, auth = 'none', user, timeout } = settings;
  const flags = [
    '--globoff --silent --show-error',
    ...(timeout === undefined ? [] : [`--max-time ${timeout / 1000}`]),
    ...(auth === 'none' ? [] : [`--${auth} --user ${quoteShellWord(visible(user ?? 'admin'))}`]),
    ...(tls.insecure === true && tls.fingerprint === undefined ? ['--insecure'] : []),
    ...(tls.legacy === true ? [`--tlsv1.0 --ciphers 'DEFAULT@SECLEVEL=0'`] : []),
  ].join(' ');
  const unsaid = [
    ...(tls.ca === undefined ? [] : ['# add --cacert with the file from your config']),
    ...(tls.fingerprint === undefined ? [] : ['# curl cannot check the pinned fingerprint']),
  ];
  return [
    ...unsaid,
    ...plan.flatMap(({ after, url }) => [
      ...(after > 0 ? [`sleep ${after / 1000}`] : []),
      `curl ${flags} '${url}'`,
    ]),
  ];
}
