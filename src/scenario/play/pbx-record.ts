import type { CallAudio, TraceEntry } from '../result.ts';
import { PHASES, type Scenario } from '../scenario.ts';
import { heardText } from '../tell/sound-text.ts';
import type { Actor } from './actor.ts';

/** The phones of a scenario that expects their PBX to reject them. */
export function expectedToFail(scenario: Scenario): ReadonlySet<string> {
  const leaves = PHASES.flatMap((phase) => scenario[phase].flatMap((step) => step.leaves));
  return new Set(
    leaves.flatMap((leaf) =>
      leaf.kind === 'expect' && leaf.patterns.some(({ events = [] }) => events.includes('registerFailed'))
        ? leaf.role
        : [],
    ),
  );
}

/** The SIP messages of phones at a PBX, in milliseconds since the scenario began. */
export function messagesOf(actors: Iterable<Actor>, began: Date): readonly TraceEntry[] {
  return [...actors].flatMap(({ role, name, pbx }) =>
    (pbx?.wire() ?? []).map(({ time, ...message }): TraceEntry => {
      return { at: Date.parse(time) - began.getTime(), role, phone: name, kind: 'sip', ...message };
    }),
  );
}

/** The audio statistics of each call. */
export function audioOf(actors: Iterable<Actor>): readonly CallAudio[] {
  return [...actors].flatMap(({ role, pbx }) =>
    (pbx?.calls() ?? []).map(({ sound, undecoded, up, held, ...call }) => {
      const heard = heardText([{ sound, undecoded }], pbx?.tones ?? new Map());
      return { role, ...call, heard };
    }),
  );
}
