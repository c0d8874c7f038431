import type { Attempt, Cast } from '../result.ts';
import { audioLine, type SipEntry, sipText } from './sip-text.ts';

/** Room for `-0000.000 s`, and between two phones. */
const TIME = 12;
const WIDTH = 38;

/**
 * The SIP messages of a run as a ladder diagram: a column for each phone, and one for the PBX, followed by the audio
 * statistics of each call, as defined by RTP. Undefined if no phone is at a PBX.
 */
export function ladder(phones: readonly Cast[], { trace, audio = [] }: Attempt): string | undefined {
  const roles = phones.filter(({ sip }) => sip !== undefined);
  if (roles.length === 0) return undefined;
  // The PBX is in the middle, so that most arrows are short.
  const middle = Math.ceil(roles.length / 2);
  const names = roles.map(({ role }) => role);
  const columns = [...names.slice(0, middle), PBX, ...names.slice(middle)];
  const at = (name: string) => TIME + columns.indexOf(name) * WIDTH;
  const calls = new Map<string, number>();
  const rows = trace.flatMap((entry) => (entry.kind === 'sip' ? [rowOf(entry, columns, at, calls)] : []));
  return [
    ...roles.map(({ role, phone, sip }) => `${role}: ${phone}, ${sip}`),
    '',
    placed(columns.map((name) => [at(name), name])),
    ...rows,
    '',
    'Audio',
    ...audio.map((call) => `${audioLine(call)} [${callOf(call.callId, calls)}]`),
    '',
  ].join('\n');
}

const PBX = 'PBX';

function rowOf(
  entry: SipEntry,
  columns: readonly string[],
  at: (name: string) => number,
  calls: Map<string, number>,
): string {
  const [left, right] = [at(entry.role), at(PBX)].sort((a, b) => a - b) as [number, number];
  const toRight = entry.sent === at(entry.role) < at(PBX);
  const label = ` ${sipText(entry).slice(0, right - left - 8)} `;
  const line = `${toRight ? '' : '<'}-${label}`.padEnd(right - left - (toRight ? 2 : 1), '-');
  const arrow = toRight ? `${line}>` : line;
  const time = `${(entry.at / 1000).toFixed(3)} s`.padStart(TIME - 2);
  const bars = columns.map((name): [number, string] => [at(name), '|']);
  return `${placed([[0, time], ...bars, [left + 1, arrow]])}  [${callOf(entry.callId, calls)}]`;
}

/** Calls are numbered in order, because a Call-ID is unreadable. */
function callOf(callId: string, calls: Map<string, number>): number {
  const number = calls.get(callId) ?? calls.size + 1;
  calls.set(callId, number);
  return number;
}

/** Texts at their columns; the later ones cover the earlier ones. */
function placed(texts: readonly (readonly [at: number, text: string])[]): string {
  return texts.reduce(
    (line, [at, text]) => line.padEnd(at).slice(0, at) + text + line.slice(at + text.length),
    '',
  );
}
