import type { AtcomError } from '../../errors.ts';
import type { Transport } from '../../phone/index.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import { type EventHub, type Phonebook, type ReportedEvent, sharedNameOf } from '../../receiver/index.ts';
import { isInProcess, type Role, type Scenario } from '../scenario.ts';
import { Actor, type ActorOptions, type PbxPhone } from './actor.ts';
import { startVirtualPhones } from './virtual-phones.ts';

/** The listener for events of real phones. */
export interface Ears {
  readonly hub: EventHub;
  /** Names of phones; more can be added. */
  readonly phonebook: Phonebook;
  /** Settles with the reason when events can no longer arrive. */
  readonly lost: Promise<AtcomError>;
}

/** What a stage needs. */
export interface StageOptions extends Pick<ActorOptions, 'onIncident' | 'beforePress'> {
  readonly roles: readonly Role[];
  /** Called once, and only if there are real phones. */
  readonly listen: () => Promise<Ears>;
  readonly simulator?: Scenario['simulator'] | undefined;
  /** The names of phones that a PBX may reject, because their scenario expects that. */
  readonly unregistered?: ReadonlySet<string> | undefined;
  readonly transport?: Transport | undefined;
  /** Ends waiting for a PBX; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** The phones of one scenario while it runs. */
export interface Stage {
  readonly actors: ReadonlyMap<string, Actor>;
  /** Aborted, with the reason, when the events of its real phones can no longer arrive. */
  readonly deaf: AbortSignal;
  close(): Promise<void>;
}

/**
 * Prepares the phones of a scenario. From here on their events are received, so that no call begins before all phones
 * are listened to. Virtual phones get their own listener, which no event of another scenario reaches.
 *
 * @throws {AtcomError} `port-unavailable`, `not-registered`, `unreadable-file`
 */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { roles, transport, onIncident, beforePress } = options;
  const closing: (() => unknown)[] = [];
  const close = async () => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const enter = (role: Role, hub: EventHub, pbx?: PbxPhone) => {
    const { name, settings, virtual } = role;
    const address = hostText(endpointOf(settings));
    const isIts = ({ phone }: ReportedEvent) => phone === nameOf(settings) || phone === address;
    // It may have reported before its name was known.
    const states = [nameOf(settings), address].map((known) => hub.state(known));
    const state = states.find(({ heard }) => heard !== null);
    const actor = new Actor({
      role: name,
      settings,
      virtual,
      transport,
      pbx,
      state,
      onIncident,
      beforePress,
    });
    const shared = sharedNameOf(settings);
    closing.push(
      hub.subscribe((event) => {
        if (isIts(event)) actor.hear(event);
        else if (event.phone === shared) actor.overheard.add(event);
      }),
      hub.onGap(() => actor.log.noteGap()),
    );
    return [name, actor] as const;
  };
  try {
    const real = roles.filter(({ virtual }) => !virtual);
    const ears = real.length === 0 ? undefined : await options.listen();
    const deaf = new AbortController();
    void ears?.lost.then((reason) => deaf.abort(reason));
    const actors = new Map<string, Actor>();
    for (const role of real) {
      if (ears === undefined) continue;
      ears.phonebook.add(role.settings);
      actors.set(...enter(role, ears.hub));
    }
    for (const own of [roles.filter(isInProcess), roles.filter(({ account }) => account !== undefined)]) {
      if (own.length === 0) continue;
      const started = await startVirtualPhones(own, options, (end) => closing.push(end));
      for (const { role, pbx, event, onHappening } of started.phones) {
        const [name, actor] = enter(role, started.hub, pbx);
        actors.set(name, actor);
        // They have just started, so they are known to be idle.
        actor.recall(event);
        onHappening((happening) => actor.witness(happening));
      }
    }
    // In the order of the file, which is the order of every report.
    return { actors: new Map(roles.flatMap(({ name }) => entryOf(actors, name))), deaf: deaf.signal, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function entryOf(actors: ReadonlyMap<string, Actor>, name: string): [string, Actor][] {
  const actor = actors.get(name);
  return actor === undefined ? [] : [[name, actor]];
}
