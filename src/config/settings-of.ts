import type { DialPlan } from '../protocol/dial-plan.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { CredentialsByTarget } from './credentials.ts';
import { environmentCredentials, environmentTimes, type Login } from './environment.ts';
import { untrusted } from './trust.ts';
import type { Environment, SettingsOf } from './types.ts';

/** Where the settings of phones are completed from. */
interface Sources {
  readonly env: Environment;
  readonly byTarget?: CredentialsByTarget | undefined;
  /** How numbers are dialled on phones that stand in no file. */
  readonly dialPlan?: DialPlan | undefined;
  /** Whether a phone stands in a file. */
  readonly isKnown: (phone: PhoneSettings) => boolean;
  /** The project file that is the only one to name a phone's address, where that file is not trusted. */
  readonly untrustedFile: (phone: PhoneSettings) => string | undefined;
}

/**
 * Completes the settings of phones by what the environment and `credentials` say. Their own win; a password goes to
 * no other user than it was given for, and to no address that comes from a file which nobody said is trusted.
 */
export function settingsOf({ env, byTarget, dialPlan, isKnown, untrustedFile }: Sources): SettingsOf {
  const times = environmentTimes(env);
  return (phone, sends = (phone.auth ?? 'none') !== 'none') => {
    const plan = dialPlan === undefined || isKnown(phone) ? {} : { dialPlan };
    const settings = { ...plan, ...phone, ...times };
    if (settings.password !== undefined || !sends) return settings;
    const own = completed(settings, byTarget?.of(phone) ?? {});
    const all = completed(own, environmentCredentials(env));
    const file = all.password === undefined ? undefined : untrustedFile(phone);
    if (file === undefined) return all;
    const reason = `it alone says that ${phone.name ?? phone.host} is at ${phone.host}, where your password would go`;
    throw untrusted(file, reason);
  };
}

/** A user without a password takes the one that is given, unless that is another user's. */
function completed(settings: PhoneSettings, { user, password }: Login): PhoneSettings {
  const others = settings.user !== undefined && user !== undefined && user !== settings.user;
  if (settings.password !== undefined || others) return settings;
  return {
    ...settings,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
  };
}
