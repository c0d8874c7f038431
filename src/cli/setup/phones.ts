import { AtcomError } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { WebPhone } from '../../setup/index.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { showExchange } from '../press/send.ts';
import { checkOnce, selectPhones } from '../press/targets.ts';
import { startVirtual } from '../press/virtual.ts';

/** Common options of `atcom setup`. */
export type SetupOptions = Omit<
  PhoneOptions,
  'curl' | 'delay' | 'wait' | 'waitApproval' | 'confirm' | 'orAlready' | 'journal' | 'resume' | 'retryFailed'
>;

/** Phones with the credentials for their pages, and what to close afterwards. */
export interface SetupPhones {
  readonly phones: readonly PhoneSettings[];
  close(): Promise<void>;
}

/** Selects phones. Their pages need a password, which pressing keys may not. */
export async function selectForSetup(context: Context, options: SetupOptions): Promise<SetupPhones> {
  const { phones, virtual } = await selectPhones(context, options);
  checkOnce(phones);
  const config = await context.config();
  if (config.listener?.token !== undefined)
    await Promise.all(phones.map((phone) => config.checkAddress(phone, 'the token of your listener')));
  const timeout = options.timeout === undefined ? {} : { timeout: options.timeout };
  const real = await Promise.all(
    phones.map(async (phone) => ({ ...(await config.settings(phone, true)), ...timeout })),
  );
  // Last, because whoever gets no phones closes none.
  const simulator = virtual ? await startVirtual(context, undefined) : undefined;
  return {
    phones: [...real, ...(simulator?.phones.slice(0, 1) ?? [])],
    close: async () => simulator?.close(),
  };
}

/** A warning on the first line, because none of this was tried on a real phone. */
export function tellExperimental({ output }: Context): void {
  if (output.quiet) return;
  output.note(
    (paint) =>
      `${paint('yellow', 'experimental')}: atcom setup is unverified on hardware; it reads before it writes, and compares afterwards`,
  );
}

/** A phone for accessing its pages. Ctrl-C lets the current operation finish. */
export function webPhone(context: Context, settings: PhoneSettings): WebPhone {
  const { signal, transport } = context;
  return { settings, stop: signal, transport, onRequest: showExchange(context) };
}

/** The report of a phone that was not changed. */
export function leftAlone(settings: PhoneSettings, reason: string) {
  const host = hostText(endpointOf(settings));
  const error = new AtcomError('skipped', { reason });
  return { phone: nameOf(settings), host, outcome: 'skipped' as const, ms: 0, requests: [], error };
}
