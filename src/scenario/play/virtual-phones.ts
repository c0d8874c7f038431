import { AtcomError } from '../../errors.ts';
import { formatDuration } from '../../protocol/duration.ts';
import { type EventHub, Phonebook, type ReportedEvent, startReceiver } from '../../receiver/index.ts';
import type { Happening, Simulator } from '../../simulator/index.ts';
import type { Role, Scenario } from '../scenario.ts';
import type { PbxPhone } from './actor.ts';

/** A working PBX responds sooner, in milliseconds. */
const REGISTRATION = 10_000;

/** A virtual phone that has started. */
export interface StartedPhone {
  /** With its address. */
  readonly role: Role;
  /** That it is registered, or that it is not. */
  readonly event: ReportedEvent;
  readonly pbx: PbxPhone | undefined;
  /** Tells what happens on it from now on. */
  readonly onHappening: (tell: (happening: Happening) => void) => void;
}

/** What virtual phones need. */
export interface VirtualOptions {
  readonly simulator?: Scenario['simulator'] | undefined;
  readonly unregistered?: ReadonlySet<string> | undefined;
  /** Ends waiting for a PBX; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts the virtual phones of a scenario, either all on one switchboard, or all on accounts. They have reported their
 * start before a key is pressed.
 *
 * @param opened - collects what must be closed
 * @throws {AtcomError} `not-registered`, `unreadable-file`
 */
export async function startVirtualPhones(
  roles: readonly Role[],
  { simulator: settings = {}, unregistered = new Set(), signal }: VirtualOptions,
  opened: (close: () => Promise<void>) => void,
): Promise<{ readonly hub: EventHub; readonly phones: readonly StartedPhone[] }> {
  const { startSimulator } = await import('../../simulator/index.ts');
  const phonebook = new Phonebook();
  const receiver = await startReceiver({ port: 0, phones: phonebook });
  opened(() => receiver.close());
  const accounts = await Promise.all(roles.flatMap(({ account }) => account?.read() ?? []));
  const told = new Map<string, (happening: Happening) => void>();
  const simulator = await startSimulator({
    ...settings,
    phones: roles.length,
    models: roles.map(({ settings: { model = 'A48' } }) => model),
    approved: true,
    actionUrl: receiver.url,
    ...(accounts.length === 0 ? {} : { sip: accounts }),
    onHappening: (happening) => told.get(happening.phone)?.(happening),
  });
  opened(() => simulator.close());
  // What is on its way from a phone has been reported in time.
  receiver.hub.feedFrom(() => simulator.settled().then(() => true));
  const tones = new Map<string, number>();
  const phones = await Promise.all(
    roles.map(async (given, index): Promise<StartedPhone> => {
      const { host = '', extension = '', mac = '' } = simulator.phones[index] ?? {};
      const name = given.account?.name ?? `virtual ${extension}`;
      const role = { ...given, settings: { extension, ...given.settings, name, host } };
      phonebook.add(role.settings);
      const tone = simulator.toneOf(extension);
      if (tone !== undefined) tones.set(role.name, tone);
      const outcomes = ['registered', 'registerFailed'] as const;
      const event = await receiver.hub
        .waitFor(outcomes, { where: { mac }, since: 0, within: REGISTRATION, signal })
        .catch(() => undefined);
      signal?.throwIfAborted();
      if (event === undefined || (event.event === 'registerFailed' && !unregistered.has(role.name))) {
        const known = event && simulator.state(extension).noService;
        const reason = known ?? `no answer within ${formatDuration(REGISTRATION)}`;
        throw new AtcomError('not-registered', { role: role.name, phone: name, reason });
      }
      return {
        role,
        event,
        pbx: role.account && pbxPhone(simulator, extension, tones),
        onHappening: (tell) => told.set(extension, tell),
      };
    }),
  );
  return { hub: receiver.hub, phones };
}

function pbxPhone(simulator: Simulator, extension: string, tones: ReadonlyMap<string, number>): PbxPhone {
  return {
    tones,
    audio: (since) => simulator.audio(extension, since),
    calls: () => simulator.calls(extension),
    wire: () => simulator.wire(extension),
    say: (samples) => simulator.say(extension, samples),
  };
}
