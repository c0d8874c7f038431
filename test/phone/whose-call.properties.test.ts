import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfNoSuchCall, isOfOtherCall } from '../../src/phone/whose-call.ts';
import type { EventName } from '../../src/protocol/events.ts';
import type { ReportedEvent } from '../../src/protocol/reported-event.ts';
import { PhoneStates } from '../../src/receiver/states/phone-states.ts';

/** A call as it is, whatever the phone tells of it. */
interface Call {
  readonly number: string;
  readonly side: string;
  readonly direction: 'incoming' | 'outgoing';
}

/** What the Action URL of an event has. */
type Values = readonly ('call_id' | 'remote')[];
type Told = Readonly<Record<'incomingCall' | 'outgoingCall' | 'established' | 'other', Values>> & {
  /** What numbers and other sides begin with. */
  readonly start: string;
};

const values = fc.subarray(['call_id', 'remote'] as const);
/** All alike for as long as an implementation might compare, or in a form in which it might not compare them. */
const start = fc.constantFrom('', ' ', 'x'.repeat(99), 'x'.repeat(200), ' '.repeat(200));
const told: fc.Arbitrary<Told> = fc.record({
  incomingCall: values,
  outgoingCall: values,
  established: values,
  other: values,
  start,
});
/** Always with this value, whatever else there is. */
const always = (value: Values[number]) => {
  const some = values.map((others): Values => [...new Set([...others, value])]);
  return fc.record({ incomingCall: some, outgoingCall: some, established: some, other: some, start });
};

/** Of others; whoever was called may have called, too, and is told from that only by numbers. */
const SIDES = ['444', '777', ''] as const;
const call = fc.record({
  side: fc.constantFrom(...SIDES),
  direction: fc.constantFrom('incoming', 'outgoing'),
});
const calls = (prefix: string) =>
  fc
    .array(call, { maxLength: 2 })
    .map((some) => some.map((one, at): Call => ({ ...one, number: `${prefix}${at}` })));

const OWN: Call = { number: 'own', side: '555', direction: 'outgoing' };

/** When the phone had taken the keys. */
const TAKEN = Date.parse('2026-01-01T00:00:00.000Z');
/** So long after them that it was not so before. */
const LATER = 1000;

const writtenNumber = ({ number }: Call, { start }: Told) => `${start}${number}`;
const writtenSide = ({ side }: Call, { start }: Told) => (side === '' ? '' : `sip:${start}${side}@pbx`);

function event(name: EventName, one: Call, told: Told, at = 0): ReportedEvent {
  const has = name in told ? told[name as keyof Omit<Told, 'start'>] : told.other;
  const side = writtenSide(one, told);
  return {
    time: new Date(TAKEN + at).toISOString(),
    phone: 'lobby',
    event: name,
    source: '',
    path: '',
    values: {
      ...(has.includes('call_id') ? { call_id: writtenNumber(one, told) } : {}),
      ...(has.includes('remote') && side !== '' ? { remote: side } : {}),
    },
  };
}

const beginOf = (one: Call, told: Told, at = 0) =>
  event(one.direction === 'incoming' ? 'incomingCall' : 'outgoingCall', one, told, at);

/** A call from its beginning to its end. */
const wholeOf = (one: Call, told: Told) => [
  beginOf(one, told),
  event('established', one, told),
  event('terminated', one, told),
];

/** What is known of the time before the keys. */
function knownAfter(events: readonly ReportedEvent[]) {
  const states = new PhoneStates();
  for (const each of events) states.take(each);
  return { calls: states.of('lobby').calls, past: states.over('lobby'), taken: TAKEN };
}

/** A phone that places a call by keys, with others that began before or since, and one of all these that is answered. */
const placed = (some: fc.Arbitrary<Told>) =>
  fc
    .record({
      told: some,
      over: calls('over'),
      old: calls('old'),
      since: calls('since'),
      tellsOwn: fc.boolean(),
      at: fc.nat(2),
    })
    .map(({ told: values, over, old, since: some, tellsOwn, at }) => {
      const since = tellsOwn ? some : some.filter(({ direction }) => direction === 'incoming');
      const isIncoming = ({ direction }: Call) => direction === 'incoming';
      const [first, then] = [since.slice(0, at), since.slice(at)];
      // A person places another call after that of the keys.
      const begun = [
        ...first.filter(isIncoming),
        ...(tellsOwn ? [OWN] : []),
        ...then,
        ...first.filter((one) => !isIncoming(one)),
      ];
      return {
        told: values,
        over,
        old,
        since,
        heard: begun.map((one) => beginOf(one, values)),
        before: knownAfter([
          ...over.flatMap((one) => wholeOf(one, values)),
          ...old.map((one) => beginOf(one, values)),
        ]),
      };
    });

function isOther(
  {
    told: values,
    heard,
    before: known,
  }: { told: Told; heard: ReportedEvent[]; before: ReturnType<typeof knownAfter> },
  answered: Call,
  certain: boolean,
) {
  const up = event('established', answered, values);
  return isOfOtherCall(up, 'outgoing', { ...known, heard: [...heard, up], certain });
}

describe('digits that follow', () => {
  it('are pressed in no call that was there before', () => {
    fc.assert(
      fc.property(placed(told), (phone) => {
        for (const other of phone.old) expect(isOther(phone, other, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are pressed in no call that was over before, where calls have numbers', () => {
    fc.assert(
      fc.property(placed(always('call_id')), (phone) => {
        fc.pre(phone.heard.some((one) => one.event === 'outgoingCall'));
        for (const other of phone.over) expect(isOther(phone, other, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are pressed in no call that was over before, of another side', () => {
    fc.assert(
      fc.property(placed(always('remote')), (phone) => {
        fc.pre(phone.heard.some((one) => one.event === 'outgoingCall'));
        const others = phone.over.filter(({ side }) => side !== '');
        for (const other of others) expect(isOther(phone, other, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are pressed in no call that is up or on hold before, of another side', () => {
    fc.assert(
      fc.property(always('remote'), calls('old'), fc.boolean(), (told, some, isHeld) => {
        const old = some.filter(({ side }) => side !== '');
        const then = isHeld ? (['established', 'hold'] as const) : (['established'] as const);
        const before = knownAfter(
          old.flatMap((one) => [beginOf(one, told), ...then.map((name) => event(name, one, told))]),
        );
        const heard = [beginOf(OWN, told)];
        for (const other of old) expect(isOther({ told, heard, before }, other, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are pressed in no call that began since, whoever answers it', () => {
    fc.assert(
      fc.property(placed(told), fc.constantFrom(...SIDES), (phone, side) => {
        for (const other of phone.since) expect(isOther(phone, { ...other, side }, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are pressed in no call of whoever is called, that began since', () => {
    fc.assert(
      fc.property(placed(always('remote')), (phone) => {
        const caller: Call = { number: 'caller', side: OWN.side, direction: 'incoming' };
        const heard = [...phone.heard, beginOf(caller, phone.told)];
        expect(isOther({ ...phone, heard }, caller, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it.each(['onHook', 'busyToIdle', 'setupCompleted'] as const)('are pressed in none after %s', (end) => {
    fc.assert(
      fc.property(placed(told), fc.constantFrom(...SIDES), (phone, side) => {
        fc.pre(phone.heard.some((one) => one.event === 'outgoingCall'));
        const heard = [...phone.heard, event(end, { ...OWN, number: '', side: '' }, phone.told)];
        const next: Call = { number: 'next', side, direction: 'incoming' };
        for (const one of [OWN, next]) expect(isOther({ ...phone, heard }, one, true)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('are pressed in that of the keys where calls have numbers', () => {
    fc.assert(
      fc.property(placed(always('call_id')), (phone) => {
        fc.pre(phone.heard.some((one) => one.values['call_id'] === writtenNumber(OWN, phone.told)));
        expect(isOther(phone, OWN, true)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a call that is up', () => {
  it('is that of the keys where nothing else was heard of, whoever answers', () => {
    fc.assert(
      fc.property(told, fc.constantFrom(...SIDES), fc.boolean(), (values, side, certain) => {
        const heard = [beginOf(OWN, values)];
        expect(isOther({ told: values, heard, before: knownAfter([]) }, { ...OWN, side }, certain)).toBe(
          false,
        );
      }),
    );
  });

  it('is that of the keys where the other sides differ', () => {
    const sides = (one: Call) => one.side !== '';
    fc.assert(
      fc.property(placed(always('remote')), fc.boolean(), (phone, certain) => {
        fc.pre(phone.old.every(sides) && phone.since.every(sides));
        fc.pre(phone.heard.some(({ values }) => values['remote'] === writtenSide(OWN, phone.told)));
        expect(isOther(phone, OWN, certain)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('the end of a call', () => {
  const begun = (one: Call, told: Told, ...then: readonly EventName[]) => [
    beginOf(one, told),
    ...then.map((name) => event(name, one, told)),
  ];
  const directed = (side: string) =>
    fc
      .constantFrom('incoming', 'outgoing')
      .map((direction): Call => ({ number: `number-${side}`, side, direction }));

  it.each(['call_id', 'remote'] as const)('is of the one that is active, or not, by %s', (value) => {
    fc.assert(
      fc.property(
        always(value),
        directed('444'),
        directed('777'),
        fc.boolean(),
        (told, held, active, isUp) => {
          const known = knownAfter([
            ...begun(held, told, 'established', 'hold'),
            ...begun(
              active,
              told,
              ...(isUp || active.direction === 'incoming' ? (['established'] as const) : []),
            ),
          ]);
          const isNone = (one: Call) => {
            const end = event('terminated', one, told);
            return isOfNoSuchCall(end, 'active', { ...known, heard: [end] });
          };
          expect([isNone(active), isNone(held)]).toEqual([false, true]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it.each(['call_id', 'remote'] as const)('is of the one that rings, or not, by %s', (value) => {
    fc.assert(
      fc.property(always(value), directed('444'), (told, other) => {
        const rings: Call = { number: 'number-777', side: '777', direction: 'incoming' };
        const known = knownAfter([...begun(other, told, 'established'), ...begun(rings, told)]);
        const isNone = (one: Call) => {
          const end = event('rejectIncomingCall', one, told);
          return isOfNoSuchCall(end, 'ringing', { ...known, heard: [end] });
        };
        expect([isNone(rings), isNone(other)]).toEqual([false, true]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** A phone with calls that are over, and some that it has, before keys that are for one of those, or for none. */
const keysOn = (some: fc.Arbitrary<Told>) =>
  fc
    .record({
      told: some,
      over: calls('over'),
      old: calls('old'),
      phases: fc.tuple(...[0, 1].map(() => fc.constantFrom(...PHASES))),
      since: calls('since'),
    })
    .map(({ told: values, over, old, phases, since }) => ({
      told: values,
      over,
      old,
      phases,
      since,
      known: knownAfter([
        ...over.flatMap((one) => wholeOf(one, values)),
        ...old.flatMap((one, at) => [
          beginOf(one, values),
          ...(phases[at] ?? []).map((name) => event(name, one, values)),
        ]),
      ]),
    }));

const PHASES: readonly (readonly EventName[])[] = [[], ['established'], ['established', 'hold']];

const PROOFS: readonly (readonly [EventName, 'active' | 'held' | 'ringing'])[] = [
  ['terminated', 'active'],
  ['cancelCallOut', 'active'],
  ['hold', 'active'],
  ['mute', 'active'],
  ['unHold', 'held'],
  ['rejectIncomingCall', 'ringing'],
  ['forwardIncomingCall', 'ringing'],
];

describe.each(PROOFS)('%s proves keys for a call that is %s,', (name, wanted) => {
  it('of none that began after them, where calls have numbers', () => {
    fc.assert(
      fc.property(keysOn(always('call_id')), ({ told, since, known }) => {
        const begun = since.map((one) => beginOf(one, told, LATER));
        for (const one of since) {
          const proof = event(name, one, told, LATER);
          expect(isOfNoSuchCall(proof, wanted, { ...known, heard: [...begun, proof] })).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of none that was over before, where calls have numbers', () => {
    fc.assert(
      fc.property(keysOn(always('call_id')), ({ told, over, known }) => {
        for (const one of over) {
          const proof = event(name, one, told, LATER);
          expect(isOfNoSuchCall(proof, wanted, { ...known, heard: [proof] })).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of one that it is', () => {
    fc.assert(
      fc.property(keysOn(always('call_id')), ({ told, old, phases, known }) => {
        const [ringing, talking, held] = PHASES;
        for (const [at, one] of old.entries()) {
          const isIncoming = one.direction === 'incoming';
          const phase = phases[at];
          const isMeant = {
            active: phase === talking || (phase === ringing && !isIncoming),
            held: phase === held,
            ringing: phase === ringing && isIncoming,
          }[wanted];
          const proof = event(name, one, told, LATER);
          if (isMeant) expect(isOfNoSuchCall(proof, wanted, { ...known, heard: [proof] })).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe.each(['terminated', 'cancelCallOut'] as const)('without numbers, %s of a call', (name) => {
  it('that was over before ends none of another side', () => {
    fc.assert(
      fc.property(keysOn(always('remote')), ({ told, over, old, known }) => {
        fc.pre(old.length > 0 && old.every(({ side }) => side !== ''));
        const others = over.filter((one) => one.side !== '' && old.every(({ side }) => side !== one.side));
        for (const one of others) {
          const end = event(name, one, told, LATER);
          expect(isOfNoSuchCall(end, 'active', { ...known, heard: [end] })).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('that began after the keys ends none of another side', () => {
    fc.assert(
      fc.property(keysOn(always('remote')), ({ told, old, since, known }) => {
        fc.pre(old.every(({ side }) => side !== ''));
        const others = since.filter((one) => one.side !== '' && old.every(({ side }) => side !== one.side));
        for (const one of others) {
          const end = event(name, one, told, LATER);
          const heard = [beginOf(one, told, LATER), end];
          expect(isOfNoSuchCall(end, 'active', { ...known, heard })).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('keys are taken', () => {
  const rings: Call = { number: 'rings', side: '444', direction: 'incoming' };
  const placed: Call = { number: 'placed', side: '444', direction: 'outgoing' };
  const proves = (
    name: EventName,
    wanted: 'active' | 'held' | 'ringing',
    one: Call,
    told: Told,
    at: number,
  ) => {
    const heard = [beginOf(one, told, at), event(name, one, told, LATER)];
    return !isOfNoSuchCall(heard[1] as ReportedEvent, wanted, { ...knownAfter([]), heard });
  };

  it('for a call whose beginning is reported right after them, and for none that begins later', () => {
    fc.assert(
      fc.property(always('call_id'), (told) => {
        for (const at of [0, LATER]) {
          const up = event('established', rings, told, LATER);
          const around = { ...knownAfter([]), heard: [beginOf(rings, told, at), up] };
          expect([
            !isOfOtherCall(up, 'incoming', around),
            proves('rejectIncomingCall', 'ringing', rings, told, at),
            proves('cancelCallOut', 'active', placed, told, at),
          ]).toEqual([at === 0, at === 0, at === 0]);
        }
      }),
    );
  });

  it('for one that is on hold, which may not be reported, and for none that is put on hold later', () => {
    fc.assert(
      fc.property(always('call_id'), (told) => {
        const known = knownAfter([beginOf(rings, told), event('established', rings, told)]);
        const proof = event('unHold', rings, told, LATER);
        const isNone = (...heard: readonly ReportedEvent[]) =>
          isOfNoSuchCall(proof, 'held', { ...known, heard: [...heard, proof] });
        const isHeld = (at: number) => event('hold', rings, told, at);
        expect([isNone(), isNone(isHeld(0)), isNone(isHeld(LATER))]).toEqual([false, false, true]);
      }),
    );
  });
});
