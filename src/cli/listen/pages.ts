import { resolve } from 'node:path';
import type { Config } from '../../config/index.ts';
import { AtcomError } from '../../errors.ts';
import { readSecret } from '../../files/secret.ts';
import type { BoardGroup, Roster } from '../../monitor/board-data.ts';
import { hostText } from '../../protocol/command-url.ts';
import { endpointOf, nameOf } from '../../protocol/settings.ts';
import type { ReceiverOptions } from '../../receiver/index.ts';
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
  const access = await accessOf(context, options);
  const roster = rosterOf(config);
  const { boardHandler } = await import('../../monitor/board.ts');
  const { metricsHandler } = await import('../../monitor/metrics.ts');
  return (receiver) => {
    const handlers = [
      ...(board ? [boardHandler({ hub: receiver.hub, roster, access })] : []),
      ...(metrics ? [metricsHandler(receiver, access)] : []),
    ];
    return (request, response) => handlers.some((handle) => handle(request, response));
  };
}

/** Other computers need both a host name and a token; either alone is a mistake. */
async function accessOf(
  { env, cwd, uid, signal }: Context,
  { boardHost: hosts, boardTokenFile }: ServedPages,
): Promise<Access> {
  if (hosts === undefined) return {};
  const token =
    boardTokenFile === undefined
      ? env['ATCOM_BOARD_TOKEN']
      : await readSecret(resolve(cwd, boardTokenFile), { env, uid }, signal);
  if (token === undefined || token.length < SHORTEST_TOKEN) {
    throw new AtcomError('usage', {
      reason: `--board-host lets other computers in, so it needs a token of at least ${SHORTEST_TOKEN} characters`,
      hint: 'write one into a file for --board-token-file, or into ATCOM_BOARD_TOKEN; browsers ask for it as a password',
    });
  }
  return { hosts, token };
}

function rosterOf(config: Config): Roster {
  const phones = [...config.phones.values()].map((settings) => {
    const { extension } = settings;
    return { name: nameOf(settings), host: hostText(endpointOf(settings)), extension };
  });
  const groups = [...config.groups.keys()].map((name): BoardGroup => {
    const members = resolveTargets({ to: [`@${name}`] }, config).phones;
    return { name, phones: members.map(nameOf) };
  });
  return { phones, groups };
}
