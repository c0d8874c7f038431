import { inPieces } from '../web/pieces.ts';

/** After a rendering, nothing is rendered for so many times as long as it took. */
const REST = 20;

/** Called with what was rendered, in pieces. */
type Take = (body: readonly Buffer[]) => void;

/** Called with the error that prevented it. */
type Fail = (error: unknown) => void;

/**
 * Renders once for everybody who asks until something changes. While it changes all the time, those who ask wait for
 * the next rendering together, so nobody gets anything old, and asking without end takes a small part of the time.
 *
 * @param version - differs as soon as something that is rendered has changed
 */
export function renderOnce(
  version: () => string | number,
  render: () => Iterable<string>,
): (take: Take, fail: Fail) => void {
  let rendered: { readonly version: string | number; readonly body: readonly Buffer[] } | undefined;
  let rested = 0;
  let waiting: [Take, Fail][] = [];
  const current = () => {
    const now = version();
    if (rendered?.version === now) return rendered.body;
    const begun = performance.now();
    if (begun < rested) return undefined;
    try {
      const body = inPieces(render());
      rendered = { version: now, body };
      return body;
    } finally {
      const ended = performance.now();
      rested = ended + REST * (ended - begun);
    }
  };
  const giveAll = () => {
    const takers = waiting;
    waiting = [];
    // A timer may be a little early.
    rested = 0;
    for (const [take, fail] of takers) ask(take, fail);
  };
  const ask = (take: Take, fail: Fail) => {
    try {
      const body = current();
      if (body !== undefined) take(body);
      else if (waiting.push([take, fail]) === 1) setTimeout(giveAll, rested - performance.now()).unref();
    } catch (error) {
      fail(error);
    }
  };
  return ask;
}
