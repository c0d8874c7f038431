import { AtcomError } from '../../errors.ts';
import type { Transport } from '../../phone/index.ts';
import { eventNamesOf } from '../../protocol/settings.ts';
import { mayMean } from '../../protocol/shared-name.ts';
import { type EventHub, isOfPhone, type Phonebook, type ReportedEvent } from '../../receiver/index.ts';
import { isInProcess, type Role, type Scenario } from '../scenario.ts';
import { Actor, type ActorOptions, type PbxPhone } from './actor.ts';
import { EventRoom, OF_PHONE } from './event-room.ts';
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
  /** The room for the events of a run, of which these phones get a part. */
  readonly room?: EventRoom | undefined;
  /** Ends waiting for a PBX; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** The phones of one scenario while it runs. */
export interface Stage {
  readonly actors: ReadonlyMap<string, Actor>;
  /**
   * Aborted, with the reason, when the events of its real phones can no longer arrive, or when so many were reported
   * that not all are kept.
   */
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
  const deaf = new AbortController();
  const actors = new Map<string, Actor>();
  const take = (room: EventRoom, actor: Actor, event: ReportedEvent, own: boolean) => {
    if (room.take(event)) {
      if (own) actor.hear(event);
      else actor.overheard.add(event);
      return;
    }
    if (!deaf.signal.aborted) deaf.abort(tooMany(actors.values(), options.room?.isFull === true));
    actor.miss(deaf.signal.reason, own ? event : undefined);
  };
  const enter = (role: Role, hub: EventHub, pbx?: PbxPhone) => {
    const { name, settings, virtual } = role;
    const names = eventNamesOf(settings);
    const isIts = ({ phone }: ReportedEvent) => names.includes(phone);
    // It may have reported before its name was known.
    const states = names.map((known) => hub.state(known));
    const state = states.find(({ heard }) => heard !== null);
    /** Where its reports came from: behind one address, nobody knows whose a refused one was. */
    const sources = new Set(
      hub.heard().flatMap(({ phone, source }) => (names.includes(phone) ? [source] : [])),
    );
    const isPerhapsIts = (phone: string) => mayMean(phone, settings);
    /** Also what does not say whose it is, from where its own reports come. */
    const isUnclear = ({ phone, source }: Pick<ReportedEvent, 'phone' | 'source'>) =>
      isPerhapsIts(phone) || (phone === source && sources.has(source));
    const actor = new Actor({
      role: name,
      settings,
      virtual,
      transport,
      pbx,
      state,
      settled: () => hub.settled(),
      unclear: () => hub.heard().flatMap((one) => (isUnclear(one) ? [one.state] : [])),
      isIts: ({ phone, request: { source } }) =>
        names.includes(phone) || isPerhapsIts(phone) || sources.has(source),
      onIncident,
      beforePress,
    });
    // Nobody else reports to virtual phones of this process.
    const room = new EventRoom(OF_PHONE, isInProcess(role) ? undefined : options.room);
    closing.push(
      hub.subscribe((event) => {
        const own = isIts(event);
        if (own) sources.add(event.source);
        if (own || isUnclear(event)) take(room, actor, event, own);
      }),
      // What a virtual phone could not report, it tells itself.
      ...(virtual
        ? []
        : [
            hub.onRefusal((request, phone) => {
              if (isOfPhone(request)) actor.noteRefusal({ request, phone });
            }),
          ]),
      hub.onGap((lasts) => actor.noteGap(lasts)),
    );
    return [name, actor] as const;
  };
  try {
    const real = roles.filter(({ virtual }) => !virtual);
    const ears = real.length === 0 ? undefined : await options.listen();
    void ears?.lost.then((reason) => deaf.abort(reason));
    for (const { settings } of real) ears?.phonebook.add(settings);
    for (const role of real) if (ears !== undefined) actors.set(...enter(role, ears.hub));
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

/** Says of which phone most was reported, and by whom: that is where to look. */
function tooMany(actors: Iterable<Actor>, ofRun: boolean): AtcomError {
  const heard = [...actors].map((actor) => ({
    actor,
    events: [...actor.log.heard, ...actor.overheard.heard],
  }));
  const [most] = heard.sort((a, b) => b.events.length - a.events.length);
  return new AtcomError('too-many-events', {
    role: most?.actor.role ?? '',
    phone: most?.actor.name ?? '',
    count: most?.events.length ?? 0,
    sources: [...new Set(most?.events.map(({ event }) => event.source))],
    ofRun,
  });
}
