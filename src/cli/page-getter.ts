import { visible } from '../errors/visible.ts';
import { type AtcomError, isAtcomError } from '../errors.ts';
import type { Get } from '../fleet/discover.ts';
import { type Endpoint, originOf } from '../protocol/command-url.ts';
import { endpointOf, type PhoneSettings } from '../protocol/settings.ts';
import type { Context } from './context.ts';

/** Nothing secret is sent, so any certificate will do where none is pinned: phones ship with self-signed ones, old TLS. */
const ANY_CERTIFICATE = { insecure: true, legacy: true } as const;

/** Why nothing was asked. There may still be a phone at the address. */
const NOT_ASKED: readonly AtcomError['code'][] = ['no-handles', 'offline'];

/** The socket errors for having no network, or no route to the address. */
const NO_ROUTE: readonly unknown[] = ['ENETUNREACH', 'ENETDOWN'];

/**
 * Fetches web pages of phones with one GET, which presses no key and shows no prompt. A page that could not be asked for
 * is an error (`no-handles`, `offline`), because it is not missing.
 *
 * @param onNoRoute - called for an address to which this computer has no route
 */
export async function newPageGetter(
  context: Context,
  onNoRoute?: (endpoint: Endpoint) => void,
): Promise<Get> {
  const { transport, signal, debug, output } = context;
  const { failureOf, sendRequest, withoutQuerySecrets } = await import('../phone/index.ts');
  const send = transport ?? sendRequest;
  const hide = debug ? await passwordHider(context) : undefined;
  // Phones show their Action URLs, with the token of a listener.
  const withoutTokens = (result: Awaited<ReturnType<typeof send>>): typeof result =>
    result.kind === 'answer'
      ? { ...result, head: withoutQuerySecrets(result.head), body: withoutQuerySecrets(result.body) }
      : result;
  return async (endpoint, path, timeout, fingerprint) => {
    const tls = { ...ANY_CERTIFICATE, fingerprint };
    const result = withoutTokens(await send({ endpoint, path, timeout, tls, signal }));
    if (hide !== undefined) {
      const answer = result.kind === 'answer' ? result.head : result.error.message;
      const told = await hide(endpoint.host, answer);
      const lines = told.split(/\r?\n/).map((line) => `< ${visible(line)}`);
      output.note((paint) => paint('dim', [`> GET ${originOf(endpoint)}${path}`, ...lines].join('\n')));
    }
    if (result.kind === 'answer') return result;
    const failure = failureOf(result, { settings: endpoint, endpoint });
    if (NOT_ASKED.includes(failure.code)) throw failure;
    if (result.kind === 'undelivered' && NO_ROUTE.includes((result.error as NodeJS.ErrnoException).code)) {
      onNoRoute?.(endpoint);
    }
    return undefined;
  };
}

/** Hides in the answer of a phone the password that it may have been given earlier. */
async function passwordHider({
  config,
}: Context): Promise<(host: string, answer: string) => Promise<string>> {
  const { secretHider } = await import('../phone/index.ts');
  const { phones, settings } = await config();
  const byHost = new Map<string, PhoneSettings[]>();
  for (const phone of phones.values()) {
    const { host } = endpointOf(phone);
    byHost.set(host, [...(byHost.get(host) ?? []), phone]);
  }
  return async (host, answer) => {
    let told = answer;
    for (const phone of byHost.get(host) ?? []) told = secretHider(await known(phone))(told);
    return told;
  };
  async function known(phone: PhoneSettings): Promise<PhoneSettings> {
    try {
      return await settings(phone, true);
    } catch (error) {
      // A password that cannot be read was not sent either.
      if (!isAtcomError(error)) throw error;
      return phone;
    }
  }
}
