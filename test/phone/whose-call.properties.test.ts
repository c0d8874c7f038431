import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOfNoSuchCall, isOfOtherCall } from '../../src/phone/whose-call.ts';
import type { EventName } from '../../src/protocol/events.ts';
import type { ReportedEvent } from '../../src/protocol/reported-event.ts';
import { stateAfter } from '../../src/receiver/states/next.ts';

/** A call as it is, whatever the phone tells of it. */
interface Call {
  readonly number: string;
  readonly side: string;
  readonly direction: 'incoming' | 'outgoing';
}

/** What the Action URL of an event has. */
type Values = readonly ('call_id' | 'remote')[];
type Told = Readonly<Record<'incomingCall' | 'outgoingCall' | 'established' | 'other', Values>>;

const values = fc.subarray(['call_id', 'remote'] as const);
const told: fc.Arbitrary<Told> = fc.record({
  incomingCall: values,
  outgoingCall: values,
  established: values,
  other: values,
});
/** Always with this value, whatever else there is. */
const always = (value: Values[number]) => {
  const some = values.map((others): Values => [...new Set([...others, value])]);
  return fc.record({ incomingCall: some, outgoingCall: some, established: some, other: some });
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

function event(name: EventName, { number, side }: Call, told: Told): ReportedEvent {
  const has = told[name as keyof Told] ?? told.other;
  return {
    time: '2026-01-01T00:00:00.000Z',
    phone: 'lobby',
    event: name,
    source: '',
    path: '',
    values: {
      ...(has.includes('call_id') ? { call_id: number } : {}),
      ...(has.includes('remote') && side !== '' ? { remote: `sip:${side}@pbx` } : {}),
    },
  };
}

const beginOf = (one: Call, told: Told) =>
  event(one.direction === 'incoming' ? 'incomingCall' : 'outgoingCall', one, told);

/** What is known of the time before the keys. */
function knownAfter(events: readonly ReportedEvent[]) {
  const { calls: known } = stateAfter(events);
  const numbers = events.flatMap(({ values }) => values['call_id'] ?? []);
  return { calls: known, past: numbers.filter((number) => !known.some(({ id }) => id === number)) };
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
          ...over.flatMap((one) => [beginOf(one, values), event('terminated', one, values)]),
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

  it('are pressed in no call that began since, whoever answers it', () => {
    fc.assert(
      fc.property(placed(told), fc.constantFrom(...SIDES), (phone, side) => {
        for (const other of phone.since) expect(isOther(phone, { ...other, side }, true)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are pressed in that of the keys where calls have numbers', () => {
    fc.assert(
      fc.property(placed(always('call_id')), (phone) => {
        fc.pre(phone.heard.some((one) => one.values['call_id'] === OWN.number));
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
        fc.pre(phone.heard.some(({ values }) => values['remote'] === 'sip:555@pbx'));
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
