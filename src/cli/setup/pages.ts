import { isIP } from 'node:net';
import { ownAddress } from '../../doctor/route.ts';
import { quote } from '../../errors/passwords.ts';
import { AtcomError } from '../../errors.ts';
import type { EventName } from '../../protocol/events.ts';
import { isLoopback, loopbackText } from '../../protocol/listener-url.ts';
import { endpointOf, type PhoneSettings } from '../../protocol/settings.ts';
import type { Variable } from '../../protocol/variables.ts';
import { actionUrlPlan, allowListPlan, clearPlan } from '../../setup/index.ts';
import { actionUrlRows, ownUrls } from '../action-url/rows.ts';
import type { Context } from '../context.ts';
import { count } from '../output/text.ts';
import type { SetupOptions } from './phones.ts';
import { runChange } from './run-change.ts';

/** The options of `atcom setup action-urls`. */
export interface ActionUrlsOptions extends SetupOptions {
  readonly only?: readonly EventName[];
  readonly variables?: readonly Variable[];
  readonly clear?: boolean;
}

/** `atcom setup action-urls` */
export async function runActionUrls(
  context: Context,
  listener: string,
  { only, variables, clear = false, ...options }: ActionUrlsOptions,
): Promise<void> {
  const rows = actionUrlRows(listener, { only, variables, own: await ownUrls(context) });
  const events = rows.map(({ event }) => event);
  const plan = clear
    ? clearPlan(events, listener)
    : actionUrlPlan(new Map(rows.map(({ event, url }) => [event, url])));
  const place = new URL(listener);
  const warning = !clear && isLoopback(place) ? loopbackText(place) : undefined;
  const what = clear
    ? `empties the Action URLs pointing to ${listener}`
    : `writes ${count(rows.length, 'Action URL')} pointing to ${listener}`;
  const planFor = async () => plan;
  const command = 'setup action-urls';
  await runChange(context, { command, page: 'action-urls', planFor, what, warning }, options);
}

/** The options of `atcom setup allow-list`. */
export interface AllowListOptions extends SetupOptions {
  /** True without an address, for this computer's address. */
  readonly add?: string | true;
  readonly remove?: string | true;
  readonly yesAny?: boolean;
  readonly yesEmpty?: boolean;
}

/** `atcom setup allow-list` */
export async function runAllowList(
  context: Context,
  { add, remove, yesAny = false, yesEmpty = false, ...options }: AllowListOptions,
): Promise<void> {
  const address = addressOf(add, remove, yesAny);
  const listed = add !== undefined;
  const planFor = async (phone: PhoneSettings) => {
    const own = address ?? (await addressTowards(phone));
    return own === undefined
      ? () => ({ reason: "this computer's address, as the phone sees it, is not known: give one" })
      : allowListPlan({ address: own, listed, mayEmpty: yesEmpty });
  };
  const who = address ?? 'this computer';
  const what = listed ? `lets ${who} press keys` : `removes ${who} from the allow list`;
  await runChange(context, { command: 'setup allow-list', page: 'remote-control', planFor, what }, options);
}

/**
 * The address to add or remove; undefined for this computer's, which may differ from phone to phone.
 *
 * @throws {AtcomError} `usage`
 */
function addressOf(
  add: AllowListOptions['add'],
  remove: AllowListOptions['remove'],
  yesAny: boolean,
): string | undefined {
  if ((add === undefined) === (remove === undefined)) {
    throw new AtcomError('usage', {
      reason: 'use either --add or --remove',
      hint: 'with an address, or without one for this computer: --add 172.16.0.184',
    });
  }
  const given = add ?? remove;
  if (given === true || given === undefined) return undefined;
  if (given === 'any') {
    if (add === undefined || yesAny) return 'any';
    const reason = 'any lets everyone on the network press the keys of these phones';
    throw new AtcomError('usage', { reason, hint: 'add --yes-any if you mean it, or give an address' });
  }
  if (isIP(given) === 0) {
    const reason = `${quote(given)} is not an IP address`;
    throw new AtcomError('usage', { reason, hint: 'use one such as 172.16.0.184, or any' });
  }
  return given;
}

function addressTowards(phone: PhoneSettings): Promise<string | undefined> {
  return ownAddress(endpointOf(phone)).catch(() => undefined);
}
