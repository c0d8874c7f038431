import type { HeardPhone } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { attachToListener } from './start-listening.ts';

/** The events received by another listener of this user; undefined if there is none. */
export async function heardElsewhere(context: Context): Promise<readonly HeardPhone[]> {
  const attached = await attachToListener(context);
  const heard = attached?.hub.heard() ?? [];
  await attached?.close();
  return heard;
}
