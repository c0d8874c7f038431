import type { Listening } from '../../receiver/index.ts';
import type { Context } from '../context.ts';

/**
 * Starts two virtual phones, so that the first has someone to call. Both have reported their start before a key is
 * pressed.
 */
export async function startVirtual(context: Context, listening: Listening | undefined) {
  const { startSimulator } = await import('../../simulator/index.ts');
  const base = { phones: 2, approved: true } as const;
  if (listening === undefined) return startSimulator(base);
  const { actionUrls } = await import('../../protocol/action-url.ts');
  const { ownUrls } = await import('../action-url/rows.ts');
  const { hub, phonebook, origin } = listening;
  const { signal } = context;
  const own = await ownUrls(context);
  const simulator = await startSimulator({ ...base, actionUrls: actionUrls(origin, own) });
  try {
    for (const { name, host, mac } of simulator.phones) {
      phonebook.add({ name, host, mac });
      await hub.waitFor('registered', { where: { mac }, signal });
    }
    return simulator;
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
