import type { Config } from '../../config/index.ts';
import { type Endpoint, hostText } from '../../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { Context } from '../context.ts';
import type { TargetOptions } from '../options.ts';
import { namesNobody, selectOrAll } from '../press/targets.ts';

/** What the options of `atcom status` yield. */
export interface StatusOptions extends TargetOptions {
  readonly only?: readonly string[];
  readonly web?: boolean;
  readonly timeout?: number;
  readonly port?: number;
}

/** Whom to show. */
export interface Chosen {
  readonly settings: readonly PhoneSettings[];
  /** Whether phones that only the listener knows are shown, too. */
  readonly strangers: boolean;
  /** The names of phones by their own numbers. */
  readonly names: ReadonlyMap<string, string>;
  /** The port of the listener. */
  readonly port: number;
  readonly config: Config;
}

/** The phones that words select; without any, all of the config and all that were heard. */
export async function choosePhones(context: Context, options: StatusOptions): Promise<Chosen> {
  const { DEFAULT_PORT } = await import('../../receiver/index.ts');
  const config = await context.config();
  const { port } = options;
  return {
    settings: await selectOrAll(context, options),
    strangers: namesNobody(options),
    names: namesByNumber(config.phones.values()),
    port: port ?? config.listener?.port ?? DEFAULT_PORT,
    config,
  };
}

/** Who talks with a phone of the config is shown by the name of that phone. */
export function namesByNumber(phones: Iterable<PhoneSettings>): ReadonlyMap<string, string> {
  return new Map(
    [...phones].flatMap(({ name, extension }) =>
      name === undefined || extension === undefined ? [] : [[extension, name]],
    ),
  );
}

/** What a phone is called, and where it is. */
export function identityOf(settings: PhoneSettings): {
  readonly phone: string;
  readonly host: string;
  readonly endpoint: Endpoint;
} {
  const endpoint = endpointOf(settings);
  const host = hostText(endpoint);
  return { phone: settings.name ?? host, host, endpoint };
}
