import type { HeardTone, LegAudio } from '../../simulator/index.ts';

/** The tolerance of a measured tone, in hertz. */
const TOLERANCE = 8;

/**
 * Whether exactly these tones are heard for some milliseconds: several in a conference, and no others. Of less, as where
 * packets of a second call are late or lost, nobody can say whose tone it is, so it may be of anybody.
 */
export function isHeard(
  calls: readonly LegAudio[],
  wanted: readonly number[],
  milliseconds: number,
): boolean {
  const sounds = calls.flatMap(({ sound }) => (sound.silence ? [] : [sound]));
  const tones = sounds.flatMap((sound) => sound.tones);
  return (
    tones.length > 0 &&
    calls.every(({ undecoded }) => !undecoded) &&
    sounds.every((sound) => sound.milliseconds >= milliseconds) &&
    wanted.every((hertz) => tones.some(isNear(hertz))) &&
    tones.every((tone) => wanted.some((hertz) => isNear(hertz)(tone)))
  );
}

/** `heard 1500 Hz, that is c's tone, 61 dB`. */
export function soundText(calls: readonly LegAudio[], tones: ReadonlyMap<string, number>): string {
  if (calls.length === 0) return 'is in no call';
  const nothing = calls.every(({ received }) => received === 0);
  return `heard ${heardText(calls, tones)}${nothing ? ': no packet of audio came in' : ''}`;
}

/** `1500 Hz, that is c's tone, 61 dB`, or `silence`. */
export function heardText(calls: readonly HeardCall[], tones: ReadonlyMap<string, number>): string {
  const sounds = calls.flatMap(({ sound }) => sound.tones.map((tone) => toneText(tone, tones)));
  if (calls.some(({ undecoded }) => undecoded)) sounds.push('audio of a codec that was not agreed');
  return sounds.join(' and ') || 'silence';
}

/** What is heard in a call. */
type HeardCall = Pick<LegAudio, 'sound' | 'undecoded'>;

function toneText({ hertz, above }: HeardTone, tones: ReadonlyMap<string, number>): string {
  const whose = [...tones]
    .filter(([, tone]) => isNear(tone)({ hertz }))
    .map(([role]) => `, that is ${role}'s tone`);
  return `${hertz} Hz${whose.join('')}, ${above} dB`;
}

function isNear(hertz: number) {
  return (tone: { readonly hertz: number }) => Math.abs(tone.hertz - hertz) <= TOLERANCE;
}
