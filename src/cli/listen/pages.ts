import { hearSignal } from '../../abort.ts';
import type { Config } from '../../config/index.ts';
import { AtcomError } from '../../errors.ts';
import { pathIn } from '../../files/links.ts';
import { readSecret } from '../../files/secret.ts';
import type { BoardGroup, Roster } from '../../monitor/board-data.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import { newSources, type ReceiverOptions } from '../../receiver/index.ts';
import { checkConfigTargets } from '../../targets/effort.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Access } from '../../web/guard.ts';
import type { Context } from '../context.ts';

/** Which pages a listener serves, and who may open them. */
export interface ServedPages {
  readonly board?: boolean;
  readonly boardHost?: readonly string[];
  readonly boardTokenFile?: string;
  readonly metrics?: boolean;
}

/** The maximum number of characters of the names in all groups, because each viewer of the board gets them. */
const MOST_NAMES = 10_000_000;

/** The minimum length of a token, in characters. */
const SHORTEST_TOKEN = 12;

/** Whether a listener serves the board. */
export function servesBoard({ listener }: Config, { board, boardHost }: ServedPages): boolean {
  return board ?? (boardHost !== undefined || listener?.board === true);
}

/**
 * What a listener serves besides events; undefined if nothing was requested.
 *
 * @throws {AtcomError} `usage`, `unreadable-file`; the reason of the signal
 */
export async function pagesOf(
  config: Config,
  context: Context,
  options: ServedPages,
): Promise<ReceiverOptions['pages']> {
  const board = servesBoard(config, options);
  const metrics = options.metrics ?? config.listener?.metrics === true;
  if (!board && !metrics) return undefined;
  const { isProxy } = newSources(config.listener?.trustedProxies);
  const access = { ...(await accessOf(context, options)), isProxy };
  const roster = board ? await rosterOf(config, context.signal) : { phones: [], groups: [] };
  const { boardHandler } = await import('../../monitor/board.ts');
  const { metricsHandler } = await import('../../monitor/metrics.ts');
  if (board) checkRoster(roster);
  return (receiver) => {
    const handlers = [
      ...(board ? [boardHandler({ hub: receiver.hub, roster, access })] : []),
      ...(metrics ? [metricsHandler(receiver, access)] : []),
    ];
    return (request, response) => handlers.some((handle) => handle(request, response));
  };
}

/** Other computers need a token. Where there is one, everybody needs it. */
async function accessOf(
  { env, cwd, uid, signal }: Context,
  { boardHost: hosts, boardTokenFile }: ServedPages,
): Promise<Access> {
  const token =
    boardTokenFile === undefined
      ? env['ATCOM_BOARD_TOKEN'] || undefined
      : await readSecret(pathIn(cwd, boardTokenFile), { env, uid }, signal);
  const isMissing = token === undefined ? hosts !== undefined : token.length < SHORTEST_TOKEN;
  if (isMissing) {
    throw new AtcomError('usage', {
      reason:
        token === undefined
          ? `--board-host lets other computers in, and needs a token of at least ${SHORTEST_TOKEN} characters`
          : `the token of the board has fewer than ${SHORTEST_TOKEN} characters`,
      hint: 'write one into a file for --board-token-file, or into ATCOM_BOARD_TOKEN; browsers ask for it as a password',
    });
  }
  return { hosts, token };
}

async function rosterOf(config: Config, signal: AbortSignal): Promise<Roster> {
  const phones = [...config.phones.values()].map((settings) => {
    const { extension } = settings;
    return { name: nameOf(settings), host: hostText(endpointOf(settings)), extension };
  });
  const looks = { count: 0 };
  const inventory = { ...config, looks, evaluated: new Map() };
  const groups: BoardGroup[] = [];
  for (const name of config.groups.keys()) {
    await hearSignal(signal);
    const members = resolveTargets({ to: [`@${name}`] }, inventory).phones;
    checkConfigTargets(looks);
    groups.push({ name, phones: members.map(nameOf) });
  }
  return { phones, groups };
}

/** @throws {AtcomError} `usage` if its groups together are larger than a page can be */
function checkRoster({ groups }: Roster): void {
  let size = 0;
  for (const { phones } of groups) for (const name of phones) size += name.length;
  if (size <= MOST_NAMES) return;
  const reason = `the groups of the config are too large for the board: together, the names of their phones have more than ${MOST_NAMES.toLocaleString('en')} characters`;
  throw new AtcomError('usage', { reason, hint: 'use shorter names or fewer groups, or divide the config' });
}
