import { append } from '../append.ts';
import { AtcomError } from '../errors.ts';
import { lockPhones } from '../fleet/phone-locks.ts';
import type { Model } from '../protocol/models.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { whyUnknown } from '../protocol/unknown-sender.ts';
import { type Listening, openSameUser, Phonebook, startListening } from '../receiver/index.ts';
import {
  Actor,
  castPhones,
  endCalls,
  findInCall,
  lockOf,
  openStage,
  outOfEarshot,
} from '../scenario/index.ts';
import { surroundings } from './surroundings.ts';

/** A phone of a test. It presses keys like a `Phone`, and its events can be expected. */
export type TestPhone = Actor;
export const TestPhone = Actor;

/**
 * The phone that a test wants: a virtual one, one on a PBX account of the config, one of the config by name or address,
 * or one with these settings.
 */
export type Wanted =
  | string
  | { readonly virtual: Model }
  | { readonly sip: string; readonly virtual?: Model }
  | PhoneSettings;

/** The options of virtual phones, in milliseconds. */
export interface PhonesOptions {
  /** How long an unanswered call rings. */
  readonly ring?: number;
  /** The delay before a phone responds to a request. */
  readonly latency?: number;
}

/** Provides phones under the names that a test chooses. */
export type Phones = <Role extends string>(
  wanted: Readonly<Record<Role, Wanted>>,
  options?: PhonesOptions,
) => Promise<Readonly<Record<Role, TestPhone>>>;

/** The phones of one call of {@link Phones}. */
export interface PhoneSet {
  readonly actors: ReadonlyMap<string, TestPhone>;
  /** Hangs up phones that are still in a call, and releases all of them. */
  close(): Promise<void>;
}

/** Real phones that cannot report to the listener of their test, and why. */
const unheard = new WeakMap<TestPhone, AtcomError<'no-reports'>>();

/** Why nothing that a phone reports would be heard; undefined where nobody knows of a reason. */
export function whyUnheard(phone: TestPhone): AtcomError<'no-reports'> | undefined {
  return unheard.get(phone);
}

/** How long to wait for a real phone that another test uses, in milliseconds. */
const WAIT = 60_000;

/** The timeout for hanging up, in milliseconds. */
const CLEANUP = 10_000;

/**
 * Prepares the phones of a test. Real phones are locked until it ends.
 *
 * @throws {AtcomError} `usage`, the codes of targets and of the config, `phone-in-use`, `phone-in-call`
 */
export async function openPhones(
  wanted: Readonly<Record<string, Wanted>>,
  simulator: PhonesOptions,
  signal: AbortSignal,
): Promise<PhoneSet> {
  const closing: (() => Promise<void>)[] = [];
  const close = () => closeAll(closing.splice(0).reverse());
  try {
    const roles = await rolesOf(wanted);
    const shared = roles.flatMap((role) => lockOf(role) ?? []);
    let beforePress: (() => Promise<void>) | undefined;
    if (shared.length > 0) {
      const { stateFolder } = await import('../config/index.ts');
      const person = surroundings();
      const folder = `${stateFolder(person)}/phones`;
      const locks = await lockPhones(shared, { folder, process: person.pid, wait: WAIT, signal });
      closing.push(locks.unlock);
      beforePress = locks.check;
    }
    const ears: Ears[] = [];
    const listen = async () => {
      const own = await listenWhereConfigured();
      ears.push(own);
      closing.push(() => own.listening.close());
      return own.listening;
    };
    const stage = await openStage({ roles, simulator, listen, beforePress });
    closing.push(() => stage.close());
    const real = [...stage.actors.values()].filter(({ virtual }) => !virtual);
    for (const { listening, url } of ears) {
      for (const phone of real) {
        const own = [phone.settings];
        const why = whyUnknown(own) ?? (await outOfEarshot(listening, url, own));
        if (why !== undefined) unheard.set(phone, why);
      }
    }
    const busy = await findInCall(stage.actors.values(), signal);
    if (busy !== undefined) throw new AtcomError('phone-in-call', { phone: busy.name });
    closing.push(() => hangUp(stage.actors.values()));
    return { actors: stage.actors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function rolesOf(wanted: Readonly<Record<string, Wanted>>) {
  const named = Object.values(wanted).some((phone) =>
    typeof phone === 'string' ? phone !== 'virtual' : 'sip' in phone,
  );
  const config = named ? await readConfig() : undefined;
  const own = new Map<string, PhoneSettings>();
  const entries = Object.entries(wanted).map(([name, phone]) => {
    if (typeof phone === 'string' || 'virtual' in phone || 'sip' in phone) return [name, phone] as const;
    own.set(name, phone);
    return [name, { phone: name }] as const;
  });
  const find = async (name: string) => own.get(name) ?? config?.find(name);
  const { roles, problems } = await castPhones(Object.fromEntries(entries), {
    find,
    account: (name) => config?.account(name),
    simulate: false,
  });
  const [problem] = problems;
  if (problem !== undefined) throw new AtcomError('usage', { reason: problem.message });
  return [...roles.values()];
}

/** The config of the folder in which the tests run. */
async function readConfig() {
  const [{ accountOf, loadConfig }, { resolveTargets }] = await Promise.all([
    import('../config/index.ts'),
    import('../targets/resolve.ts'),
  ]);
  const { phones, told, groups, simulator, settings } = await loadConfig(surroundings());
  return {
    account: (name: string) => accountOf({ simulator }, name),
    find: (name: string) => {
      const { phones: found, virtual } = resolveTargets({ to: [name] }, { phones, told, groups });
      const [phone, another] = found;
      if (phone !== undefined && another === undefined && !virtual) return settings(phone);
      throw new AtcomError('usage', {
        reason: `${JSON.stringify(name)} is not a single phone in the config`,
      });
    },
  };
}

interface Ears {
  readonly listening: Listening;
  /** Where phones report to, if the config says so. */
  readonly url: string | undefined;
}

async function listenWhereConfigured(): Promise<Ears> {
  const { checkToken, loadConfig, stateFolder } = await import('../config/index.ts');
  const config = await loadConfig(surroundings());
  checkToken(config);
  const { listener = {}, events, phones } = config;
  const sameUser = Promise.resolve(surroundings()).then((person) => openSameUser(stateFolder(person)));
  const listening = await startListening({
    ...listener,
    events,
    phonebook: new Phonebook(phones.values()),
    sameUser: await sameUser.catch((error: Error) => error),
  });
  // Deliberately an unhandled rejection: the runner reports it next to the test.
  void listening.lost.then((error) => Promise.reject(error));
  return { listening, url: listener.url };
}

async function hangUp(given: Iterable<TestPhone>): Promise<void> {
  const actors = [...given];
  await Promise.all(actors.map((actor) => actor.exit()));
  const signal = AbortSignal.timeout(CLEANUP);
  const failures: Error[] = [];
  await endCalls(actors, {
    failed: true,
    signal,
    hangUp: async (left) => {
      const reports = await Promise.all(left.map((actor) => actor.lastHangup({ stop: signal })));
      append(
        failures,
        reports.flatMap((report) => ('error' in report ? [report.error] : [])),
      );
    },
  });
  if (failures[0] !== undefined) throw failures[0];
}

/** Closes everything in order, even after errors; then throws the first error. */
export async function closeAll(closing: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const each of closing) await each().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
