import { AtcomError, type Silence } from '../../errors.ts';
import { causeOf } from '../../phone/index.ts';
import { formatDuration } from '../../protocol/duration.ts';
import { parseSequence } from '../../protocol/sequence.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { verbSequence } from '../../protocol/verbs.ts';
import { matcher, untoldValue } from '../../receiver/index.ts';
import type { ExpectStep, IdleStep, LeafStep, NeverStep, PressStep } from '../scenario.ts';
import { type Actor, SETTLE } from './actor.ts';
import { type EventLog, type Pattern, patternText } from './event-log.ts';
import { firstOf } from './looks.ts';
import { heard, hears, says } from './perform-audio.ts';
import type { Performance } from './performance.ts';
import { unproven } from './unproven.ts';

/** What a leaf works with. */
export interface Scene {
  readonly actors: ReadonlyMap<string, Actor>;
  /** Ends waiting, but lets a request in flight finish, because aborting it would make it `unknown`. */
  readonly signal: AbortSignal;
  /** May end calls that this scenario did not make. */
  readonly force: boolean;
  /** A phone on a command line that somebody is told to run. */
  readonly target?: ((settings: PhoneSettings) => string) | undefined;
}

const PASSED: Performance = { status: 'passed' };
const STOPPED: Performance = { status: 'stopped' };

/** Does what one leaf says. */
export function perform(leaf: LeafStep, scene: Scene): Promise<Performance> {
  switch (leaf.kind) {
    case 'press':
      return press(leaf, scene);
    case 'idle':
      return makeIdle(leaf, scene);
    case 'expect':
      return expectEvents(leaf, scene);
    case 'never':
      return watchFor(leaf, scene);
    case 'hears':
      return hears(leaf, actorOf(scene, leaf.role), scene.signal);
    case 'heard':
      return heard(leaf, actorOf(scene, leaf.role), scene.signal);
    case 'says':
      return says(leaf, actorOf(scene, leaf.role), scene.signal);
    case 'pause':
      return pause(leaf.ms, scene.signal);
  }
}

async function press({ role, sequence, options }: PressStep, scene: Scene): Promise<Performance> {
  const report = await actorOf(scene, role).send(sequence, { ...options, stop: scene.signal });
  return report.outcome === 'ok' ? PASSED : refused(report.error);
}

function refused(error: AtcomError): Performance {
  return causeOf(error).code === 'skipped' ? STOPPED : { status: 'error', error };
}

/**
 * RELEASE is "back to the main screen", which changes nothing on an idle phone. A phone that is off, or asks "Allow Remote
 * Control?", fails here instead of in the middle of a call. A phone that is known to be in a call is not touched.
 */
async function makeIdle({ role, within }: IdleStep, scene: Scene): Promise<Performance> {
  const actor = actorOf(scene, role);
  const { signal, force } = scene;
  const busy = !(await actor.becomesIdle(SETTLE, signal));
  if (signal.aborted) return STOPPED;
  // A call that this scenario made may be ended.
  if (busy && !force && !actor.pressed) {
    return { status: 'error', error: new AtcomError('phone-in-call', { phone: actor.name }) };
  }
  const keys = busy
    ? verbSequence({ form: 'hangup' }, actor.settings)
    : parseSequence(['RELEASE'], actor.settings);
  const report = await actor.send(keys, { stop: signal });
  if (report.outcome !== 'ok') return refused(report.error);
  if (!busy || (await actor.becomesIdle(within, signal))) return PASSED;
  if (signal.aborted) return STOPPED;
  const what = 'the end of its call';
  const details = {
    role,
    phone: actor.name,
    what,
    within: formatDuration(within),
    silence: 'other',
  } as const;
  return { status: 'failed', error: new AtcomError('unmet', details), unread: actor.log.unread };
}

async function expectEvents(leaf: ExpectStep, scene: Scene): Promise<Performance> {
  const actor = actorOf(scene, leaf.role);
  const { log } = actor;
  const { patterns, mode, within } = leaf;
  const { read, readAt } = log;
  const heard = await log.expect(patterns, mode, { within, signal: scene.signal });
  if (heard !== undefined) return { status: 'passed', heard };
  if (scene.signal.aborted) return STOPPED;
  const gap = lost(actor, { read, readAt }, patterns, scene);
  if (gap !== undefined) return gap;
  const error = await unmet(leaf, scene);
  // A timeout or Ctrl-C during this check says nothing about the phone.
  return scene.signal.aborted ? STOPPED : { status: 'failed', error, unread: log.unread };
}

/** Finds out, as far as possible, why a phone is silent. */
async function unmet({ role, what, within }: ExpectStep, scene: Scene): Promise<AtcomError> {
  const actor = actorOf(scene, role);
  const limit = AbortSignal.any([scene.signal, AbortSignal.timeout(PROBE)]);
  // A slow phone is still there.
  const gone = (await actor.isUp(limit)) === false;
  return new AtcomError('unmet', {
    role,
    phone: actor.name,
    what,
    within: formatDuration(within),
    silence: gone ? 'gone' : silenceOf(actor),
    ...(scene.target && { target: scene.target(actor.settings) }),
  });
}

/** A virtual phone has reported its start, so its Action URLs are right. */
function silenceOf({ log, overheard, virtual, everHeard }: Actor): Silence {
  if (log.unread.length > 0) return 'other';
  if (virtual) return 'still';
  if (overheard.count > 0) return 'shared';
  return everHeard ? 'quiet' : 'mute';
}

/** Time for a phone to show that it is still there, in milliseconds. */
const PROBE = 1500;

async function watchFor({ role, pattern, during }: NeverStep, scene: Scene): Promise<Performance> {
  const actor = actorOf(scene, role);
  const { log, overheard, name: phone } = actor;
  const { unread, read, readAt } = log;
  const over = new AbortController();
  const watch = { within: during, signal: AbortSignal.any([scene.signal, over.signal]) };
  const end = <T>(found: T) => {
    if (found !== undefined) over.abort();
    return found;
  };
  // Those before its last expected event may be what caused that one.
  const from = overheard.heard.filter(({ at }) => at < readAt).length;
  const look = firstOf([matcher(pattern, { untold: true })], from);
  const find = () => look(overheard.heard, () => true)?.map((index) => overheard.heard[index])[0];
  const [own, shared] = await Promise.all([
    log.never(pattern, watch).then(end),
    overheard.until(find, watch).then(end),
  ]);
  const found = own ?? shared;
  if (found === undefined) {
    if (scene.signal.aborted) return STOPPED;
    const gap = lost(actor, { read, readAt }, [pattern], scene);
    // Until the end, more may become known of what it reported.
    if (gap === undefined) actor.noteSilence(patternText(pattern), readAt);
    return gap ?? PASSED;
  }
  const early = unread.includes(found);
  const { event } = found.event;
  const error = new AtcomError('unwanted', {
    role,
    phone,
    event,
    early,
    untold: untoldValue(found.event, pattern.where ?? {}),
    ...(own === undefined && { isShared: true }),
  });
  return { status: 'failed', error, unread: actor.log.unread };
}

/** Where events may have been lost since the one of a number, silence proves nothing. */
function lost(
  actor: Actor,
  { read, readAt }: Pick<EventLog, 'read' | 'readAt'>,
  patterns: readonly Pattern[],
  scene: Pick<Scene, 'target'>,
): Performance | undefined {
  const refused = actor.refusedSince(readAt);
  if (refused === undefined && actor.log.isWholeAfter(read)) return undefined;
  const events = patterns.flatMap((pattern) => pattern.events ?? []);
  const told =
    refused === undefined
      ? new AtcomError('receiver-closed', { events })
      : unproven(actor, patterns.map(patternText).join(' or '), scene, refused);
  return { status: 'error', error: actor.flood ?? told };
}

async function pause(ms: number, signal: AbortSignal): Promise<Performance> {
  const { setTimeout: sleep } = await import('node:timers/promises');
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return signal.aborted ? STOPPED : PASSED;
}

function actorOf({ actors }: Scene, role: string): Actor {
  const actor = actors.get(role);
  if (actor === undefined) throw new Error(`no actor plays ${role}`);
  return actor;
}
