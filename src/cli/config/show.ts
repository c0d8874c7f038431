import { hearSignal } from '../../abort.ts';
import type { Config, ListenerSettings, SimulatorSettings } from '../../config/index.ts';
import { withoutPasswords } from '../../errors/passwords.ts';
import { visible, visibleLines } from '../../errors/visible.ts';
import { isAtcomError } from '../../errors.ts';
import { formatDuration } from '../../protocol/duration.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { PhoneSettings } from '../../protocol/settings.ts';
import { yamlText } from '../../yaml/text.ts';
import type { Context } from '../context.ts';
import type { TargetOptions } from '../options.ts';
import { selectOrAll } from '../press/targets.ts';

/** Shows the merged result of the files and the environment as one config, with passwords hidden. */
export async function showConfig(context: Context, options: TargetOptions = {}): Promise<void> {
  const { files, defaultTarget, profile, groups, macros, listener, events, simulator, settings } =
    await context.config();
  const target = defaultTarget === undefined ? undefined : withoutPasswords(defaultTarget);
  const phones = await selectOrAll(context, options);
  const shown = await Promise.all(phones.map(async (phone) => hidden(await completed(phone, settings))));
  const rest = {
    groups: withoutPasswords(Object.fromEntries(groups)),
    macros: Object.fromEntries(macros),
    ...(listener === undefined ? {} : { listener: withoutToken(listener) }),
    ...(events === undefined ? {} : { events }),
    ...(simulator === undefined ? {} : { simulator: shownSimulator(simulator) }),
  };
  const value = { files, profile, default: target, phones: shown, ...rest };
  const entries = context.output.json ? [] : await phoneEntries(shown, context.signal);
  context.output.result({ ...documentHead('config show'), ...value }, () => {
    const parts = [
      ...files.map(({ path, kind }) => `# ${kind}: ${visible(path)}`),
      ...(target === undefined ? [] : [yamlText({ default: target })]),
      ...(entries.length === 0 ? ['phones: {}'] : ['phones:', ...entries]),
      yamlText(rest),
    ];
    return visibleLines(parts.join('\n'));
  });
}

/** Phone by phone, because there may be thousands. */
async function phoneEntries(
  phones: readonly PhoneSettings[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const entries: string[] = [];
  for (const { name, ...phone } of phones) {
    const text = yamlText({ [name ?? phone.host]: written(phone) });
    entries.push(text.replace(/^/gm, '  '));
    await hearSignal(signal);
  }
  return entries;
}

/** Accounts by their address; passwords are not even read. */
function shownSimulator({ accounts, pbxes, ...rest }: SimulatorSettings): object {
  return {
    ...rest,
    accounts: Object.fromEntries([...accounts.values()].map(({ name, uri }) => [name, { uri }])),
    pbxes: Object.fromEntries(pbxes),
  };
}

/** Adds the credentials that would be sent; none where the config is not trusted. */
async function completed(phone: PhoneSettings, settings: Config['settings']): Promise<PhoneSettings> {
  try {
    return await settings(phone);
  } catch (error) {
    if (isAtcomError(error) && error.code === 'untrusted-config') return phone;
    throw error;
  }
}

function withoutToken(listener: ListenerSettings): ListenerSettings {
  return listener.token === undefined ? listener : { ...listener, token: '(hidden)' };
}

/** Settings without secrets. */
function hidden(settings: PhoneSettings): PhoneSettings {
  return settings.password === undefined ? settings : { ...settings, password: '(hidden)' };
}

/** Settings under the names that config files use. */
function written({ timeout, delay, tls, ...rest }: PhoneSettings): object {
  const { ca, ...pinned } = tls ?? {};
  return {
    ...rest,
    ...(timeout === undefined ? {} : { timeout: formatDuration(timeout) }),
    ...(delay === undefined ? {} : { delay: formatDuration(delay) }),
    ...(tls === undefined
      ? {}
      : { tls: { ...pinned, ...(ca === undefined ? {} : { ca: '(certificates)' }) } }),
  };
}
