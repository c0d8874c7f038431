import { withoutPassword } from '../errors/passwords.ts';
import { someOf } from '../errors/some-of.ts';
import { AtcomError } from '../errors.ts';
import { closest } from '../protocol/suggest.ts';
import type { AccountSettings, SimulatorSettings } from './types.ts';

interface Known {
  readonly simulator?: SimulatorSettings | undefined;
}

/**
 * An account of the config.
 *
 * @throws {AtcomError} `usage`
 */
export function accountOf({ simulator }: Known, name: string): AccountSettings {
  const account = simulator?.accounts.get(name);
  if (account !== undefined) return account;
  throw unknown(
    'account',
    name,
    simulator?.accounts,
    (shown) => `accounts: { ${shown}: { uri: "sip:6001@10.0.0.1", passwordFile: ${shown}.secret } }`,
  );
}

/**
 * The accounts of a PBX of the config.
 *
 * @throws {AtcomError} `usage`
 */
export function accountsOfPbx(config: Known, name: string): readonly AccountSettings[] {
  const names = config.simulator?.pbxes.get(name);
  if (names !== undefined) return names.map((account) => accountOf(config, account));
  throw unknown('PBX', name, config.simulator?.pbxes, (shown) => `pbxes: { ${shown}: [lab-6001, lab-6002] }`);
}

function unknown(
  what: string,
  name: string,
  known: ReadonlyMap<string, unknown> = new Map(),
  example: (name: string) => string,
): AtcomError {
  const names = [...known.keys()];
  const [near] = closest(name, names);
  const hint =
    near === undefined
      ? names.length > 0
        ? `there is ${someOf(names)}`
        : undefined
      : `did you mean ${near}?`;
  return new AtcomError('usage', {
    reason: `the config has no ${what} ${JSON.stringify(name)}`,
    hint: hint ?? `add simulator: { ${example(withoutPassword(name))} }`,
  });
}
