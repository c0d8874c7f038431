import type { Sighting } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { attachToListener } from './start-listening.ts';

/** The MAC addresses that were reported to another listener of this user; none if there is no such listener. */
export async function sightedElsewhere(context: Context): Promise<readonly Sighting[]> {
  const attached = await attachToListener(context);
  if (attached === undefined || typeof attached === 'string') return [];
  await attached.close();
  return attached.hub.sightings();
}
