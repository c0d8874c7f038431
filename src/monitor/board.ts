import type { ServerResponse } from 'node:http';
import board from '../pages/board.page.js';
import { LISTENER_PATHS } from '../protocol/listener-paths.ts';
import { type EventHub, type PhoneState, stateText } from '../receiver/index.ts';
import { eventText, startEventStream } from '../web/event-stream.ts';
import { type Access, refusalOf } from '../web/guard.ts';
import { failPage, type PageHandler, refuse, servePage } from '../web/page.ts';
import { refusalAhead } from '../web/unread.ts';
import type { BoardSnapshot, Roster } from './board-data.ts';
import { newBoardUpdates } from './board-updates.ts';
import { renderOnce } from './render-once.ts';
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
  const giveSnapshot = renderOnce(
    () => hub.count,
    () => snapshotTexts({ ...roster, started }, statesByName(hub, namesOf)),
  );
  const follows = newBoardUpdates(hub, namesOf);
  const follow = (response: ServerResponse, snapshot: readonly Buffer[]) => {
    // It went away while it waited.
    if (response.destroyed) return;
    const time = eventText('time', now().toISOString());
    const stream = startEventStream(response, [time, ...snapshot], () => stop());
    const stop = follows(stream);
  };
  return (request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (path !== BOARD_PATH && !path.startsWith(`${BOARD_PATH}/`)) return false;
    const refusal = refusalOf(request, access) ?? refusalAhead(response);
    if (refusal !== undefined) refuse(response, refusal);
    else if (path === `${BOARD_PATH}/events`)
      giveSnapshot(
        (snapshot) => follow(response, snapshot),
        (error) => failPage(response, error),
      );
    else return servePage(board, BOARD_PATH, request, response);
    return true;
  };
}

/** The message with a {@link BoardSnapshot}, of texts that are there already: of ten thousand phones it is megabytes. */
function* snapshotTexts(
  others: Omit<BoardSnapshot, 'states'>,
  states: ReadonlyMap<string, PhoneState>,
): Generator<string> {
  const end = '}\n\n';
  yield `${eventText('states', others).slice(0, -end.length)},"states":{`;
  let comma = '';
  for (const [name, state] of states) {
    yield `${comma}${JSON.stringify(name)}:${stateText(state)}`;
    comma = ',';
  }
  yield `}${end}`;
}
