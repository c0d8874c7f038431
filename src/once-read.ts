/** In one turn of the event loop, a connection is there; what has come on it is read in the next ones. */
const TURNS = 3;

/**
 * Calls back once what had arrived by now was read. Node looks at its timers before it looks at its sockets: to a
 * process that was stopped for a while, whoever answered or reported long ago would be one that did not.
 */
export function onceRead(callback: () => void, turns = TURNS): void {
  setImmediate(() => (turns === 0 ? callback() : onceRead(callback, turns - 1)));
}
