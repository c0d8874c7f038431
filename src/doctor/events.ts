import type { Phone, ProvenReport } from '../phone/index.ts';
import { OUTCOMES } from '../protocol/outcomes.ts';
import { isShared, type Listening, refusalText } from '../receiver/index.ts';
import { quoteShellWord } from '../shell.ts';
import { type Finding, ok, problem, skipped, warning } from './finding.ts';
import { outOfReach, reachedAt, unanswered } from './reach.ts';
import { type Facts, INTERRUPTED, type Subject } from './subject.ts';

const { exitCode: NOT_ARRIVING } = OUTCOMES.unconfirmed;

/** After a DND_OFF that no event has proven. */
const SHOULD_BE_OFF = 'do-not-disturb should be off now';

/** Whether events of the phone arrive here; without `--events`, whether they could. */
export async function checkEvents(subject: Subject, facts: Facts): Promise<Finding> {
  const { listening, events, signal, config } = subject;
  if (listening instanceof Error) return problem('events', NOT_ARRIVING, listening.message, listening.hint);
  if (signal.aborted) return skipped('events', INTERRUPTED);
  const { url: configured } = config.listener ?? {};
  const url = configured ?? reachedAt(listening, facts.own);
  const { own } = facts;
  const deaf = outOfReach(url, own, listening.port) ?? (await unanswered(configured, own, listening.port));
  if (deaf !== undefined) {
    const { message, remedy } = deaf;
    // No key is pressed for an event that cannot arrive.
    return events === undefined
      ? warning('events', message, remedy)
      : problem('events', NOT_ARRIVING, message, remedy);
  }
  const urls = `atcom action-url list ${quoteShellWord(url)}`;
  if (events !== undefined) {
    if (facts.report?.outcome !== 'ok') return skipped('events', 'the phone accepts no keys yet');
    return provoke(subject, listening, { urls, within: events });
  }
  const attached = listening.receiver === undefined ? ' (an atcom receiver that is already running)' : '';
  return skipped(
    'events',
    `the listener works${attached}; phones report to it if the URLs of ${urls} were entered; --events proves that`,
  );
}

/**
 * Turns do-not-disturb on and off, the only keys that the document has an event for and that need no call. No key asks
 * whether it was on before, so it is off afterwards; it is also turned off after Ctrl-C and after an answer that was
 * lost, because a phone that silently rejects calls is the worse harm.
 *
 * @param urls - the command that prints the Action URLs of the listener
 */
async function provoke(
  { settings, target, signal, transport }: Subject,
  listening: Listening,
  { urls, within }: { readonly urls: string; readonly within: number },
): Promise<Finding> {
  const { hub } = listening;
  const { Phone } = await import('../phone/index.ts');
  const phone = new Phone(settings, transport);
  const since = hub.mark();
  const on = await phone.dnd(true, { confirm: hub, within, signal });
  if (on.outcome === 'partial') return halfOn(phone, on, target);
  if (!mayBePressed(on)) return notTaken('DND_ON', on);
  if (signal.aborted) return afterwards(phone, target);
  const off = await phone.dnd(false, { confirm: hub, within });
  if (off.outcome !== 'confirmed' && off.outcome !== 'unconfirmed') return leftOn(off, target);
  const cameOn = on.outcome === 'confirmed';
  const cameOff = off.outcome === 'confirmed';
  if (cameOn && cameOff) return ok('events', 'openDND and closeDND came; do-not-disturb is off now');
  const unwatched = [on, off].find((report) => 'error' in report && report.error.code === 'unwatched');
  if (unwatched !== undefined && 'error' in unwatched) {
    const message = `${unwatched.error.message}; ${SHOULD_BE_OFF}`;
    return problem('events', NOT_ARRIVING, message, 'keep atcom listen running, and run the doctor again');
  }
  const both = `enter both Action URLs on its page Phone – Action URL: ${urls}`;
  if (cameOff)
    return warning('events', 'only closeDND came; do-not-disturb is off now, and may have been on', both);
  if (cameOn)
    return problem(
      'events',
      NOT_ARRIVING,
      'only openDND came; do-not-disturb may still be on',
      `atcom dnd off --to ${target}; if it is off, ${both}`,
    );
  const others = new Set(hub.since(since).map(({ phone: name }) => name));
  const heard = others.size === 0 ? 'nothing was reported' : `only ${[...others].join(', ')} reported`;
  const message = `neither openDND nor closeDND came; ${heard}${refusedText(listening, since)}; ${SHOULD_BE_OFF}`;
  const remedy = [...others].some(isShared)
    ? `enter the URLs of ${urls}, with mac= and ip=, and mac: of each phone at that address in the config`
    : `enter the URLs of ${urls} on its page Phone – Action URL, and let port ${listening.port} through the firewall of this computer`;
  return problem('events', NOT_ARRIVING, message, remedy);
}

function mayBePressed({ outcome }: ProvenReport): boolean {
  return outcome === 'confirmed' || outcome === 'unconfirmed' || outcome === 'ok' || outcome === 'unknown';
}

async function afterwards(phone: Phone, target: string): Promise<Finding> {
  const off = await phone.dnd(false);
  return off.outcome === 'ok' ? skipped('events', `${INTERRUPTED}; ${SHOULD_BE_OFF}`) : leftOn(off, target);
}

/** A phone may have keys of its own for it, of which the first may have sufficed. */
async function halfOn(phone: Phone, on: ProvenReport, target: string): Promise<Finding> {
  const off = await phone.dnd(false);
  if (off.outcome !== 'ok') return leftOn(off, target);
  const { exitCode } = OUTCOMES[on.outcome];
  const why = 'error' in on ? on.error.message : on.outcome;
  return problem('events', exitCode, `DND_ON: ${why}; ${SHOULD_BE_OFF}`, 'look at its display');
}

function notTaken(key: string, report: ProvenReport): Finding {
  if (!('error' in report) || report.outcome === 'skipped') return skipped('events', INTERRUPTED);
  const { message, hint } = report.error;
  return problem('events', OUTCOMES[report.outcome].exitCode, `${key}: ${message}`, hint);
}

function leftOn(report: ProvenReport, target: string): Finding {
  const why = 'error' in report ? report.error.message : report.outcome;
  const message = `do-not-disturb may still be on: ${why}`;
  return problem('events', OUTCOMES[report.outcome].exitCode, message, `atcom dnd off --to ${target}`);
}

/** Requests that the listener refused meanwhile, also where another program has it. */
function refusedText({ hub }: Listening, since: number): string {
  const refused = hub.refusedSince(since);
  const more = refused.length > MOST_SHOWN ? `, and ${refused.length - MOST_SHOWN} more` : '';
  return refused.length === 0
    ? ''
    : `; refused meanwhile: ${refused.slice(-MOST_SHOWN).map(refusalText).join(', ')}${more}`;
}

const MOST_SHOWN = 3;
