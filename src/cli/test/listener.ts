import { whyUnknown } from '../../protocol/unknown-sender.ts';
import type { Listening } from '../../receiver/index.ts';
import { outOfEarshot, PHASES, type Scenario } from '../../scenario/index.ts';
import type { Context, ListenOptions } from '../context.ts';

/**
 * Listens for the real phones of some scenarios; undefined if there are none. A phone that could not reach the listener
 * is found here, before the first key.
 *
 * @throws {AtcomError} `port-unavailable`, `no-reports`
 */
export async function listenFor(
  context: Context,
  scenarios: readonly Scenario[],
  options: Pick<ListenOptions, 'host' | 'port'>,
): Promise<Listening | undefined> {
  const roles = scenarios.filter(({ unmet }) => unmet === undefined).flatMap((scenario) => scenario.roles);
  const phones = roles.filter(({ virtual }) => !virtual).map(({ settings }) => settings);
  if (phones.length === 0) return undefined;
  const { listener = {} } = await context.config();
  const listening = await context.listen({ ...options, phones });
  const deaf = scenarios.some(waitsForEvents)
    ? (whyUnknown(phones) ?? (await outOfEarshot(listening, listener.url, phones)))
    : undefined;
  if (deaf === undefined) return listening;
  await listening.close();
  throw deaf;
}

function waitsForEvents(scenario: Scenario): boolean {
  const leaves = PHASES.flatMap((phase) => scenario[phase].flatMap((step) => step.leaves));
  return leaves.some(({ kind }) => kind === 'expect' || kind === 'never');
}
