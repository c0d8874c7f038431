import { AtcomError } from '../../errors.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import type { Actor } from './actor.ts';

/** A phone on a command line that somebody is told to run. */
interface Naming {
  readonly target?: ((settings: PhoneSettings) => string) | undefined;
}

/**
 * Why nobody knows whether a phone reported something.
 *
 * @param what - the events
 * @param refused - the request of its that was refused; undefined where none was heard
 */
export function unproven(
  { role, name: phone, overheard, settings }: Actor,
  what: string,
  { target }: Naming,
  refused?: string,
): AtcomError<'unproven'> {
  return new AtcomError('unproven', {
    role,
    phone,
    what,
    ...(refused !== undefined && { refused }),
    ...(overheard.count > 0 && { isShared: true }),
    ...(target && { target: target(settings) }),
  });
}

/** Why the silence of a phone, which was taken as proof, proves nothing after all. */
export function findUnproven(actors: Iterable<Actor>, naming: Naming): AtcomError<'unproven'> | undefined {
  for (const actor of actors) {
    const { unprovenSilence } = actor;
    if (unprovenSilence === undefined) continue;
    const { what, refused } = unprovenSilence;
    return unproven(actor, what, naming, refused);
  }
  return undefined;
}
