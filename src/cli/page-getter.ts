import { visible } from '../errors/visible.ts';
import type { AtcomError } from '../errors.ts';
import type { Get } from '../fleet/discover.ts';
import { type Endpoint, originOf } from '../protocol/command-url.ts';
import { endpointOf } from '../protocol/settings.ts';
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
  // Phones show their Action URLs, with the token of a listener.
  const withoutTokens = (result: Awaited<ReturnType<typeof send>>): typeof result =>
    result.kind === 'answer'
      ? { ...result, head: withoutQuerySecrets(result.head), body: withoutQuerySecrets(result.body) }
      : result;
  return async (endpoint, path, timeout, fingerprint) => {
    const tls = { ...ANY_CERTIFICATE, fingerprint };
    const result = withoutTokens(await send({ endpoint, path, timeout, tls, signal }));
    if (debug) {
      const answer = result.kind === 'answer' ? result.head : result.error.message;
      const told = await withoutPasswords(context, endpoint, answer);
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

/** What a phone answers, without the password that it may have been given earlier. */
async function withoutPasswords({ config }: Context, { host }: Endpoint, answer: string): Promise<string> {
  const { secretHider } = await import('../phone/index.ts');
  const { phones, settings } = await config();
  let told = answer;
  for (const phone of phones.values()) {
    if (endpointOf(phone).host !== host) continue;
    // One that cannot be read was not sent either.
    const known = await settings(phone, true).catch(() => phone);
    told = secretHider(known)(told);
  }
  return told;
}
