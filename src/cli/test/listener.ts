import { AtcomError } from '../../errors.ts';
import { originOf } from '../../protocol/command-url.ts';
import { isLoopback } from '../../protocol/listener-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import type { Listening } from '../../receiver/index.ts';
import { PHASES, type Scenario } from '../../scenario/index.ts';
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
  const { receiver, close } = listening;
  // Only the owner of another program's listener, or of a forwarded port, knows who can reach it.
  if (receiver === undefined || listener.url !== undefined || !isLoopback(new URL(receiver.url)))
    return listening;
  const strangers = phones.filter((phone) => !isLoopback(new URL(originOf(endpointOf(phone)))));
  const [stranger] = strangers;
  if (stranger === undefined || !scenarios.some(waitsForEvents)) return listening;
  await close();
  throw new AtcomError('no-reports', {
    phone: nameOf(stranger),
    others: new Set(strangers.map(nameOf)).size - 1,
    reason: `the listener ${receiver.url} can only be reached from this computer`,
    hint: `listen at an address that the phone can reach: --host 0.0.0.0, or listener: { host: 0.0.0.0 } in the config; atcom action-url list prints what to enter on its page`,
  });
}

function waitsForEvents(scenario: Scenario): boolean {
  const leaves = PHASES.flatMap((phase) => scenario[phase].flatMap((step) => step.leaves));
  return leaves.some(({ kind }) => kind === 'expect' || kind === 'never');
}
