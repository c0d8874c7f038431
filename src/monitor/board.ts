import board from '../pages/board.page.js';
import { LISTENER_PATHS } from '../protocol/listener-paths.ts';
import type { EventHub } from '../receiver/index.ts';
import { startEventStream } from '../web/event-stream.ts';
import { type Access, refusalOf } from '../web/guard.ts';
import { type PageHandler, refuse, servePage } from '../web/page.ts';
import { refusalAhead } from '../web/unread.ts';
import type { BoardSnapshot, BoardUpdate, Roster } from './board-data.ts';
import { shownNames, statesByName } from './shown-names.ts';

/** The path of the board. */
export const BOARD_PATH = LISTENER_PATHS.board;

/** What a board shows, and who may open it. */
export interface BoardOptions {
  readonly hub: EventHub;
  readonly roster: Roster;
  readonly access?: Access;
  readonly now?: () => Date;
}

/** Serves the states of phones as a page that updates itself. */
export function boardHandler({ hub, roster, access, now = () => new Date() }: BoardOptions): PageHandler {
  const started = now().toISOString();
  const namesOf = shownNames(roster.phones);
  const snapshot = (): BoardSnapshot => ({
    ...roster,
    time: now().toISOString(),
    started,
    states: Object.fromEntries(statesByName(hub, namesOf)),
  });
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path !== BOARD_PATH && !path.startsWith(`${BOARD_PATH}/`)) return false;
    const refusal = refusalOf(request, access) ?? refusalAhead(response);
    if (refusal !== undefined) refuse(response, refusal);
    else if (path === `${BOARD_PATH}/events`) {
      const stream = startEventStream(response, ['states', snapshot()], () => stop());
      const stop = hub.subscribe((event) => {
        const state = hub.state(event.phone);
        for (const phone of namesOf(event.phone))
          stream.send('state', { phone, state } satisfies BoardUpdate);
      });
    } else return servePage(board, BOARD_PATH, request, response);
    return true;
  };
}
