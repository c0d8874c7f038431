import { AtcomError } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { WebPhone } from '../../setup/index.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { showExchange } from '../press/send.ts';
import { selectPhones } from '../press/targets.ts';
import { startVirtual } from '../press/virtual.ts';

/** What the commands of `atcom setup` know of their phones. */
export type SetupOptions = Omit<
  PhoneOptions,
  'curl' | 'delay' | 'wait' | 'waitApproval' | 'confirm' | 'orAlready' | 'journal' | 'resume' | 'retryFailed'
>;

/** Phones with the credentials for their pages, and what is to be closed afterwards. */
export interface SetupPhones {
  readonly phones: readonly PhoneSettings[];
  close(): Promise<void>;
}

/** The phones that are aimed at; keys need no password where these pages do. */
export async function selectForSetup(context: Context, options: SetupOptions): Promise<SetupPhones> {
  const { phones, virtual } = await selectPhones(context, options);
  const simulator = virtual ? await startVirtual(context, undefined) : undefined;
  const config = await context.config();
  const timeout = options.timeout === undefined ? {} : { timeout: options.timeout };
  return {
    phones: [
      ...phones.map((phone) => ({ ...config.settings(phone, true), ...timeout })),
      ...(simulator?.phones.slice(0, 1) ?? []),
    ],
    close: async () => simulator?.close(),
  };
}

/** The first line: nobody should take this for something that was tried on a phone. */
export function tellExperimental({ output }: Context): void {
  if (output.quiet) return;
  output.note(
    (paint) =>
      `${paint('yellow', 'experimental')}: atcom setup is unverified on hardware; it reads before it writes, and compares afterwards`,
  );
}

/** A phone as its pages are read and written by a command: Ctrl-C lets what was begun come to its end. */
export function webPhone(context: Context, settings: PhoneSettings): WebPhone {
  const { signal, transport } = context;
  return { settings, stop: signal, transport, onRequest: showExchange(context) };
}

/** The report of a phone that was left alone. */
export function leftAlone(settings: PhoneSettings, reason: string) {
  const host = hostText(endpointOf(settings));
  const error = new AtcomError('skipped', { reason });
  return { phone: settings.name ?? host, host, outcome: 'skipped' as const, ms: 0, requests: [], error };
}
