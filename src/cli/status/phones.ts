import type { Config } from '../../config/index.ts';
import { type ShownNames, shownNames } from '../../monitor/shown-names.ts';
import { type Endpoint, hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import type { TargetOptions } from '../options.ts';
import { namesNobody, selectOrAll } from '../press/targets.ts';

/** The values of the options of `atcom status`. */
export interface StatusOptions extends TargetOptions {
  readonly only?: readonly string[];
  readonly web?: boolean;
  readonly timeout?: number;
  readonly port?: number;
}

/** The phones to show. */
export interface Chosen {
  readonly settings: readonly PhoneSettings[];
  /** Whether to include phones that only the listener knows. */
  readonly strangers: boolean;
  /** The names of the phones that events give a name. */
  readonly shown: ShownNames;
  /** The names of phones, by their numbers. */
  readonly names: ReadonlyMap<string, string>;
  /** The listener's port. */
  readonly port: number;
  readonly config: Config;
}

/** The selected phones; by default, all of the config and all that reported an event. */
export async function choosePhones(context: Context, options: StatusOptions): Promise<Chosen> {
  const { DEFAULT_PORT } = await import('../../receiver/index.ts');
  const config = await context.config();
  const { port } = options;
  const settings = await selectOrAll(context, options);
  const phones = settings.map((phone) => ({ name: nameOf(phone), host: hostText(endpointOf(phone)) }));
  return {
    settings,
    shown: shownNames(phones),
    strangers: namesNobody(options),
    names: namesByNumber(config.phones.values()),
    port: port ?? config.listener?.port ?? DEFAULT_PORT,
    config,
  };
}

/** A party that is a phone of the config is shown by its name. */
export function namesByNumber(phones: Iterable<PhoneSettings>): ReadonlyMap<string, string> {
  return new Map(
    [...phones].flatMap(({ name, extension }) =>
      name === undefined || extension === undefined ? [] : [[extension, name]],
    ),
  );
}

/** The name and address of a phone. */
export function identityOf(settings: PhoneSettings): {
  readonly phone: string;
  readonly host: string;
  readonly endpoint: Endpoint;
} {
  const endpoint = endpointOf(settings);
  const host = hostText(endpoint);
  return { phone: nameOf(settings), host, endpoint };
}
