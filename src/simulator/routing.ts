import { available, type Forward, type Handset, type Moment } from './state.ts';

/** A phone that sends a call on, and where to. */
interface Hop {
  readonly phone: Handset;
  readonly target: string;
}

/** Where a number leads. */
export interface Route {
  /** The number at its end: the one dialled, or the target of the last phone that forwards. */
  readonly number: string;
  /** The phone that can ring; none when nobody has the number, or who has it is busy. */
  readonly callee: Handset | undefined;
  readonly hops: readonly Hop[];
  /** All phones that have forwarded the call, those before this route included. */
  readonly via: readonly Handset[];
}

/** So often a call is forwarded, then it is busy. Not documented; our choice, as exchanges do. */
const MOST_FORWARDS = 5;

/**
 * Follows a number from phone to phone, as far as they forward. Nothing happens yet.
 *
 * @param ends - phones that take part already: a call that comes back to one of them is busy
 * @param via - the phones that have forwarded it so far: to come back to one of them would be a loop, so it is busy
 */
export function routeOf(
  phones: Moment['phones'],
  number: string,
  ends: readonly Handset[],
  via: readonly Handset[] = [],
): Route {
  const hops: Hop[] = [];
  let wanted = number;
  for (;;) {
    const passed = [...via, ...hops.map(({ phone }) => phone)];
    const phone = phones.get(wanted);
    const here = { number: wanted, hops, via: passed };
    if (phone === undefined || ends.includes(phone) || passed.includes(phone)) {
      return { ...here, callee: undefined };
    }
    const target = forwardTarget(phone);
    if (target === undefined) return { ...here, callee: available(phone) ? phone : undefined };
    if (passed.length >= MOST_FORWARDS) return { ...here, callee: undefined };
    hops.push({ phone, target });
    wanted = target;
  }
}

/** Where a phone sends a call without ringing. That "always" comes before "busy" is not documented; our choice. */
function forwardTarget(phone: Handset): string | undefined {
  return targetOf(phone, 'always') ?? (available(phone) ? undefined : targetOf(phone, 'busy'));
}

/** The number of a forwarding that is on; none where none was typed. */
export function targetOf(phone: Handset, forward: Forward): string | undefined {
  return phone.forwards.includes(forward) ? phone.forwardTo[forward] : undefined;
}

/** A call takes its route: the phones that forward it say so. Where no phone can ring, somebody learns why. */
export function takeRoute(moment: Moment, { hops, number, callee }: Route, id: string, asker: Handset): void {
  for (const { phone, target } of hops) {
    moment.happen(phone, 'forwardIncomingCall', { call: id, remote: target, called: phone.extension });
  }
  if (callee !== undefined) return;
  const known = moment.phones.has(number);
  asker.notice = `${known ? 'Busy' : 'Not Found'} ${number}`;
  moment.happen(asker, known ? 'remoteBusy' : 'notFound', { call: id, remote: number, called: number });
}
