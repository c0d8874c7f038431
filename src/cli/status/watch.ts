import { onAbort } from '../../abort.ts';
import { AtcomError } from '../../errors.ts';
import type { EventHub } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import { changeDocument } from '../listen/changes.ts';
import type { Terminal } from '../process/terminal.ts';
import { afterKeys, FIRST_VIEW, screenLines, type TableView } from './live-table.ts';
import { type Chosen, choosePhones, identityOf, type StatusOptions } from './phones.ts';
import { isWanted, resultsOf } from './result.ts';
import { LiveScreen } from './screen.ts';
import { warningLines } from './warning.ts';

/** The minimum interval between two redraws, in milliseconds. */
const FRAME = 100;

/** Clocks are updated every second. */
const TICK = 1000;

/** `atcom status --watch`: the live table on a terminal, else a line of JSON for each change. */
export async function watchStatus(context: Context, options: StatusOptions): Promise<void> {
  refuse(options);
  const chosen = await choosePhones(context, options);
  const terminal = context.output.json ? undefined : await context.terminal?.();
  const listening = await context.listen({ port: chosen.port, phones: chosen.settings });
  let lost: AtcomError | undefined;
  void listening.lost.then((error) => {
    lost = error;
  });
  const unheard =
    listening.receiver === undefined
      ? undefined
      : `no listener ran on port ${chosen.port}, so each phone is unknown until it reports something`;
  const problem = () => (lost === undefined ? unheard : `No more events arrive: ${lost.message}`);
  if (unheard !== undefined && !context.output.json && !context.output.quiet)
    context.output.note((paint) => warningLines(unheard, 'keep atcom listen running', paint));
  const watched: Watched = { ...chosen, hub: listening.hub, only: options.only, problem };
  try {
    if (terminal === undefined)
      await Promise.race([writeChanges(context, watched), fail(listening.lost), unread(context)]);
    else await showLive(context, terminal, watched);
  } finally {
    await listening.close();
  }
}

/** Settles when the reader of the lines is gone. */
function unread({ stdout }: Context): Promise<void> {
  return new Promise((resolve) => onAbort(stdout.gone, resolve));
}

/** The end of the output tells its reader of the failure. */
async function fail(lost: Promise<AtcomError>): Promise<never> {
  throw await lost;
}

/** Web servers and approvals are not polled repeatedly. */
function refuse({ only = [] }: StatusOptions): void {
  const unseen = only.find((word) => word === 'unreachable' || word === 'unapproved');
  if (unseen === undefined) return;
  const hint = 'leave out --watch, which follows events and contacts no web server';
  throw new AtcomError('usage', { reason: `--only ${unseen} and --watch exclude each other`, hint });
}

interface Watched extends Chosen {
  readonly hub: EventHub;
  readonly only: readonly string[] | undefined;
  /** The current problem with the listener. */
  readonly problem: () => string | undefined;
}

async function writeChanges({ output, signal }: Context, watched: Watched): Promise<void> {
  const { hub, settings, strangers, shown } = watched;
  const chosen = new Set(settings.map((phone) => identityOf(phone).phone));
  for await (const { phone: heard, event, state } of hub.changes(signal)) {
    for (const phone of shown(heard)) {
      if (!strangers && !chosen.has(phone)) continue;
      const result = { phone, host: heard, state, web: 'unasked', approved: null } as const;
      if (isWanted(result, watched.only)) output.line(changeDocument({ phone, event, state }));
    }
  }
}

async function showLive(context: Context, terminal: Terminal, watched: Watched): Promise<void> {
  const { paint } = context.output;
  const screen = new LiveScreen(terminal);
  let view: TableView = FIRST_VIEW;
  let frame: NodeJS.Timeout | undefined;
  /** Whether the terminal is another's: while this process is suspended, and at the end. */
  let isAway = false;
  let isOver = false;
  const draw = () => {
    frame = undefined;
    if (isAway) return;
    const { names, problem, hub, only } = watched;
    const results = resultsOf(watched, hub).filter((result) => isWanted(result, only));
    const options = { names, now: Date.now(), problem: problem() };
    screen.draw(screenLines(results, view, options, terminal, paint));
  };
  const soon = () => {
    frame ??= setTimeout(draw, FRAME);
  };
  const suspend = async () => {
    isAway = true;
    stopKeys();
    screen.leave();
    await terminal.suspend();
    if (isOver) return;
    isAway = false;
    screen.enter();
    stopKeys = terminal.onKeys(onKeys);
    draw();
  };
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const onKeys = (keys: string) => {
    if (keys === '\x1a') return void suspend();
    const next = afterKeys(view, keys, Math.max(1, terminal.rows - 4));
    if (next === undefined) return end();
    view = next;
    return draw();
  };
  screen.enter();
  let stopKeys = terminal.onKeys(onKeys);
  const stopping = [
    watched.hub.subscribe(soon),
    terminal.onResize(() => {
      if (isAway) return;
      screen.reset();
      draw();
    }),
  ];
  const clock = setInterval(soon, TICK);
  context.signal.addEventListener('abort', end, { once: true });
  draw();
  try {
    if (!context.signal.aborted) await ended;
  } finally {
    isOver = true;
    clearInterval(clock);
    clearTimeout(frame);
    for (const stop of stopping) stop();
    stopKeys();
    screen.close();
  }
}
