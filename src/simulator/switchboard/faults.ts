import { AtcomError } from '../../errors.ts';

/** What can go wrong on a line without a key causing it, and what phones then report. */
export const FAULTS = {
  holdRefused: 'the other side refuses the next hold (488): no hold is reported, the call continues',
  holdGlare: 'both sides hold at once (491): no hold is reported, the call continues',
  answerCrossesCancel:
    'the phone answers its next call at the moment the caller gives up: cancelCallOut there, answerNewIncomingCall established terminated here',
  vanish:
    'the phone is gone from the line, as if its cable was cut: no one is told anything, calls to it are not answered',
  transferRefused: 'the other side refuses the next transfer: transferFailed at once',
  transferUnfinished: 'the next transfer is taken, and nothing more is heard of it: no transferFinished',
  registrarAway: 'the PBX does not answer: registerFailed, "No service" on the display, no calls',
} as const;

export type Fault = keyof typeof FAULTS;

const NAMES = Object.keys(FAULTS) as readonly Fault[];

/** Faults that last until they are cleared; the others happen once. */
const LASTING: readonly Fault[] = ['vanish', 'registrarAway'];

/** @throws {AtcomError} `usage` */
export function parseFault(name: string): Fault {
  const fault = NAMES.find((one) => one.toLowerCase() === name.toLowerCase());
  if (fault !== undefined) return fault;
  throw new AtcomError('usage', {
    reason: `there is no fault ${JSON.stringify(name.slice(0, 40))}`,
    hint: `there are ${NAMES.join(', ')}`,
  });
}

/** The pending faults, by phone number. */
export interface Faults {
  /** Whether a fault happens now. One that happens once is then removed. */
  take(number: string, fault: Fault): boolean;
  add(number: string, fault: Fault): void;
  clear(number: string): void;
  of(number: string): readonly Fault[];
}

export function newFaults(): Faults {
  const set = new Map<string, Set<Fault>>();
  return {
    take(number, fault) {
      const own = set.get(number);
      if (own === undefined || !own.has(fault)) return false;
      if (!LASTING.includes(fault)) own.delete(fault);
      return true;
    },
    add(number, fault) {
      set.set(number, (set.get(number) ?? new Set()).add(fault));
    },
    clear(number) {
      set.delete(number);
    },
    of: (number) => [...(set.get(number) ?? [])],
  };
}
