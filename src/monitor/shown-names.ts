import type { EventHub, PhoneState } from '../receiver/index.ts';

/** Tells by which names the phone is shown that events give this name. */
export type ShownNames = (heard: string) => readonly string[];

/**
 * Events call a phone by its address if it has several names, or where their receiver knows none. It is shown by each of
 * its names.
 */
export function shownNames(phones: Iterable<{ readonly name: string; readonly host: string }>): ShownNames {
  const shown = new Map<string, Set<string>>();
  for (const { name, host } of phones) {
    for (const heard of [name, host]) shown.set(heard, (shown.get(heard) ?? new Set()).add(name));
  }
  return (heard) => [...(shown.get(heard) ?? [heard])];
}

/** The states that a hub knows, by the names that are shown. */
export function statesByName(
  hub: Pick<EventHub, 'states'> | undefined,
  namesOf: ShownNames,
): ReadonlyMap<string, PhoneState> {
  // Of a phone that was heard by its name and by its address, the latest state comes last.
  return new Map(
    [...(hub?.states() ?? [])].flatMap(([heard, state]) =>
      namesOf(heard).map((name) => [name, state] as const),
    ),
  );
}
