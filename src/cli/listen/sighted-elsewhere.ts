import { visible } from '../../errors/visible.ts';
import type { Sighting } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { attachToListener } from './start-listening.ts';

/** The MAC addresses that were reported to another listener of this user; none if there is none that can be used. */
export async function sightedElsewhere(context: Context): Promise<readonly Sighting[]> {
  const attached = await attachToListener(context);
  if (attached === undefined) return [];
  if (typeof attached === 'string') {
    // It may know of another phone, so this is told with --quiet, too.
    const told = visible(`what phones reported cannot be asked for: ${attached}`);
    context.output.note((paint) => `${paint('yellow', 'warning')}: ${told}`);
    return [];
  }
  await attached.close();
  return attached.hub.sightings();
}
