import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AtcomError } from '../../errors.ts';
import { formatDuration } from '../../protocol/duration.ts';
import type { LegAudio } from '../../simulator/index.ts';
import type { HeardStep, HearsStep, SaysStep, WantedTone } from '../scenario.ts';
import { isHeard, soundText } from '../tell/sound-text.ts';
import type { Actor, PbxPhone } from './actor.ts';
import type { Performance } from './performance.ts';

/** How long a tone, or silence, must be heard without a break, in milliseconds. */
const PROOF = 300;
/** How much later the last packet of that period may arrive, in milliseconds. */
const LATE = 40;
const LOOK_AGAIN = 50;

const NO_CALL = 'is in no call that is up';

const STOPPED: Performance = { status: 'stopped' };

/** Waits until exactly what is wanted is heard. Audio from before the step proves nothing. */
export async function hears(leaf: HearsStep, actor: Actor, signal: AbortSignal): Promise<Performance> {
  const pbx = pbxOf(actor);
  const { tones, within } = leaf;
  const wanted = tones.flatMap((tone) => hertzOf(tone, pbx) ?? []);
  if (wanted.length < tones.length) return noTone(leaf.what);
  const began = performance.now();
  let upSince = isInCall(pbx) ? began : undefined;
  await sleep(PROOF, undefined, { signal }).catch(() => undefined);
  for (;;) {
    // What has arrived while this process was busy is heard only now.
    await nextTurn();
    const now = performance.now();
    const calls = pbx.audio(Math.max(began, now - PROOF - LATE)).filter(({ held }) => !held);
    upSince = calls.some(({ up }) => up) ? (upSince ?? now) : undefined;
    const { isProven, text } =
      wanted.length > 0 ? tonesIn(calls, wanted, pbx) : silenceIn(calls, upSince && now - upSince, pbx);
    if (isProven) return { status: 'passed', sound: text };
    if (signal.aborted) return STOPPED;
    if (now - began > within) return unheard(leaf, actor, leaf.what, text);
    await sleep(LOOK_AGAIN, undefined, { signal }).catch(() => undefined);
  }
}

function hertzOf(tone: WantedTone, { tones }: PbxPhone): number | undefined {
  return 'hertz' in tone ? tone.hertz : tones.get(tone.role);
}

function tonesIn(calls: readonly LegAudio[], wanted: readonly number[], { tones }: PbxPhone) {
  return { isProven: isHeard(calls, wanted, PROOF), text: soundText(calls, tones) };
}

/**
 * Silence in calls of which one has been up for some milliseconds, if any is: without such a call, nothing is proven, nor
 * by packets that nobody can decode.
 */
function silenceIn(calls: readonly LegAudio[], upFor: number | undefined, { tones }: PbxPhone) {
  if (upFor === undefined) return { isProven: false, text: NO_CALL };
  const isProven =
    upFor >= PROOF + LATE && calls.every(({ sound, undecoded }) => sound.silence && !undecoded);
  return { isProven, text: soundText(calls, tones) };
}

/** Whether it could hear somebody, and be heard: that a call is silent while it only rings, or is on hold, proves nothing. */
function isInCall(pbx: PbxPhone): boolean {
  return pbx.audio(performance.now()).some(({ up, held }) => up && !held);
}

/** Waits for digits. */
export async function heard(leaf: HeardStep, actor: Actor, signal: AbortSignal): Promise<Performance> {
  const { dtmf, within } = leaf;
  if (await actor.digits.take(dtmf, { within, signal })) return { status: 'passed' };
  if (signal.aborted) return STOPPED;
  const { unread } = actor.digits;
  return unheard(leaf, actor, `the digits ${dtmf}`, unread === '' ? 'heard none' : `heard ${unread}`);
}

/** Plays a recording, and waits for its end. */
export async function says(
  { role, samples }: SaysStep,
  actor: Actor,
  signal: AbortSignal,
): Promise<Performance> {
  const pbx = pbxOf(actor);
  if (!isInCall(pbx)) {
    return wrong(`${role} ${NO_CALL}`, 'wait for established, or unHold, before it says something');
  }
  pbx.say(samples);
  await sleep(samples.length / 8, undefined, { signal }).catch(() => undefined);
  return signal.aborted ? STOPPED : { status: 'passed' };
}

/** More phones send tones than there are tones: who sends this one cannot be told. */
function noTone(what: string): Performance {
  const reason = `nobody can tell whether it is ${what}: too many phones send tones at once`;
  return wrong(reason, 'run fewer phones at PBXes at once, as with a smaller --jobs');
}

function wrong(reason: string, hint: string): Performance {
  return { status: 'error', error: new AtcomError('usage', { reason, hint }) };
}

function unheard(
  { role, within }: HearsStep | HeardStep,
  actor: Actor,
  what: string,
  text: string,
): Performance {
  const details = { role, phone: actor.name, what, heard: text, within: formatDuration(within) };
  return { status: 'failed', error: new AtcomError('unheard', details), unread: actor.log.unread };
}

function pbxOf({ role, pbx }: Actor): PbxPhone {
  if (pbx === undefined) throw new Error(`${role} has no audio`);
  return pbx;
}
