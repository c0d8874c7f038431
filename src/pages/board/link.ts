import type { BoardSnapshot, BoardUpdate } from '../../monitor/board-data.ts';

/** What the page is told. */
export interface LinkHandlers {
  readonly onStates: (snapshot: BoardSnapshot) => void;
  readonly onState: (update: BoardUpdate) => void;
  /** @param silent - milliseconds since the listener was last heard; undefined while it is there */
  readonly onLink: (silent: number | undefined) => void;
}

/** The listener beats every 10 s: who misses two beats and a half is not followed any more, in milliseconds. */
const SILENCE = 25_000;

/** How soon to connect again, in milliseconds. */
const AGAIN = 2000;

/** Follows the listener, connects again for as long as it takes, and tells when it is gone. */
export function followListener({ onStates, onState, onLink }: LinkHandlers): void {
  let source: EventSource | undefined;
  let heard = Date.now();
  let linked = false;
  const hear = () => {
    heard = Date.now();
    if (!linked) onLink(undefined);
    linked = true;
  };
  const connect = () => {
    source?.close();
    source = new EventSource('board/events');
    source.addEventListener('states', ({ data }) => {
      hear();
      onStates(JSON.parse(data));
    });
    source.addEventListener('state', ({ data }) => {
      hear();
      onState(JSON.parse(data));
    });
    source.addEventListener('beat', hear);
    source.addEventListener('error', lose);
  };
  const lose = () => {
    source?.close();
    source = undefined;
    linked = false;
    onLink(Date.now() - heard);
    setTimeout(connect, AGAIN);
  };
  setInterval(() => {
    if (linked && Date.now() - heard > SILENCE) lose();
    else if (!linked) onLink(Date.now() - heard);
  }, 1000);
  connect();
}
