import type { DialPlan } from '../protocol/dial-plan.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { keyOf } from '../targets/known.ts';
import type { CredentialsByTarget } from './credentials.ts';
import { environmentCredentials, environmentTimes, type Login } from './environment.ts';
import type { ReadSecret } from './secrets.ts';
import type { CheckAddress, Environment, SettingsOf } from './types.ts';

/** The sources that complete the settings of phones. */
interface Sources {
  readonly env: Environment;
  readonly read: ReadSecret;
  readonly byTarget?: CredentialsByTarget | undefined;
  /** The dial plan for phones that are in no file. */
  readonly dialPlan?: DialPlan | undefined;
  /** Why files of a phone that was replaced, and so has no name, cannot be read, by its identity. */
  readonly unread: ReadonlyMap<string, unknown>;
  /** Whether a phone is in a file. */
  readonly isKnown: (phone: PhoneSettings) => boolean;
  readonly checkAddress: CheckAddress;
}

/**
 * Completes the settings of phones from the environment and `credentials`. Their own settings win. A password goes to
 * no other user name than it was given for, and to no address that comes only from an untrusted file.
 */
export function settingsOf(sources: Sources): SettingsOf {
  const { env, read, byTarget, dialPlan, unread, isKnown, checkAddress } = sources;
  const times = environmentTimes(env);
  return async (phone, sends = (phone.auth ?? 'none') !== 'none') => {
    const plan = dialPlan === undefined || isKnown(phone) ? {} : { dialPlan };
    const settings = { ...plan, ...phone, ...times };
    if (settings.password !== undefined || !sends) return settings;
    // Another password would be that of another phone.
    if (!isKnown(phone) && unread.has(keyOf(phone))) throw unread.get(keyOf(phone));
    const own = completed(settings, (await byTarget?.of(phone)) ?? {});
    const all = completed(own, await environmentCredentials(env, read));
    if (all.password !== undefined) await checkAddress(phone, 'your password');
    return all;
  };
}

/** A user name without a password takes the given one, unless that belongs to another user name. */
function completed(settings: PhoneSettings, { user, password }: Login): PhoneSettings {
  const others = settings.user !== undefined && user !== undefined && user !== settings.user;
  if (settings.password !== undefined || others) return settings;
  return {
    ...settings,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}
