import type { Transport } from '../../phone/index.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf } from '../../protocol/settings.ts';
import { type EventHub, Phonebook, type ReportedEvent, startReceiver } from '../../receiver/index.ts';
import type { Role, Scenario } from '../scenario.ts';
import { Actor, type ActorOptions } from './actor.ts';

/** The listener for events of real phones. */
export interface Ears {
  readonly hub: EventHub;
  /** The names of phones; more can be added. */
  readonly phonebook: Phonebook;
}

/** What a stage needs. */
export interface StageOptions extends Pick<ActorOptions, 'onIncident'> {
  readonly roles: readonly Role[];
  /** Called once, and only if there are real phones. */
  readonly listen: () => Promise<Ears>;
  readonly simulator?: Scenario['simulator'] | undefined;
  readonly transport?: Transport | undefined;
}

/** The phones of one scenario while it runs. */
export interface Stage {
  readonly actors: ReadonlyMap<string, Actor>;
  close(): Promise<void>;
}

/**
 * Prepares the phones of a scenario. From here on their events are received, so that no call begins before all phones
 * are listened to. Virtual phones get their own listener, which no event of another scenario reaches.
 *
 * @throws {AtcomError} `port-unavailable`
 */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { roles, transport, onIncident } = options;
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const enter = (role: Role, hub: EventHub) => {
    const { name, settings, virtual } = role;
    const address = hostText(endpointOf(settings));
    const isIts = ({ phone }: ReportedEvent) => phone === (settings.name ?? address) || phone === address;
    // It may have reported before its name was known.
    const states = [settings.name ?? address, address].map((known) => hub.state(known));
    const state = states.find(({ heard }) => heard !== null);
    const actor = new Actor({ role: name, settings, virtual, transport, state, onIncident });
    closing.push(hub.subscribe((event) => isIts(event) && actor.hear(event)));
    return [name, actor] as const;
  };
  try {
    const real = roles.filter(({ virtual }) => !virtual);
    const ears = real.length === 0 ? undefined : await options.listen();
    const actors = new Map<string, Actor>();
    for (const role of real) {
      if (ears === undefined) continue;
      ears.phonebook.add(role.settings);
      actors.set(...enter(role, ears.hub));
    }
    const virtual = roles.filter((role) => role.virtual);
    if (virtual.length > 0) {
      const { hub, phones } = await startVirtualPhones(virtual, options, (end) => closing.push(end));
      // They have just started, so they are known to be idle.
      for (const role of phones) actors.set(...enter(role, hub));
    }
    // In the order of the file, which is the order of every report.
    return { actors: new Map(roles.flatMap(({ name }) => entryOf(actors, name))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function entryOf(actors: ReadonlyMap<string, Actor>, name: string): [string, Actor][] {
  const actor = actors.get(name);
  return actor === undefined ? [] : [[name, actor]];
}

/** One exchange for the virtual phones of a scenario; they have reported their start before a key is pressed. */
async function startVirtualPhones(
  roles: readonly Role[],
  { simulator: settings = {} }: StageOptions,
  opened: (close: () => Promise<void>) => void,
) {
  const { startSimulator } = await import('../../simulator/index.ts');
  const phonebook = new Phonebook();
  const receiver = await startReceiver({ port: 0, phones: phonebook });
  opened(() => receiver.close());
  const simulator = await startSimulator({
    ...settings,
    phones: roles.length,
    models: roles.map(({ settings: { model = 'A48' } }) => model),
    approved: true,
    actionUrl: receiver.url,
  });
  opened(() => simulator.close());
  const phones = roles.map((role, index): Role => {
    const { host = '', extension } = simulator.phones[index] ?? {};
    return { ...role, settings: { ...role.settings, name: `virtual ${extension}`, host, extension } };
  });
  for (const { settings } of phones) phonebook.add(settings);
  await Promise.all(
    simulator.phones.map(({ mac }) => receiver.hub.waitFor('registered', { where: { mac }, since: 0 })),
  );
  return { hub: receiver.hub, phones };
}
