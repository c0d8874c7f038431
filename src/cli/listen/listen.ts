import { onAbort } from '../../abort.ts';
import { AtcomError } from '../../errors.ts';
import { reasonOf } from '../../files/reason.ts';
import type { EventName } from '../../protocol/events.ts';
import { whyUnknown } from '../../protocol/unknown-sender.ts';
import { type Listening, matcher } from '../../receiver/index.ts';
import type { Context } from '../context.ts';
import type { TargetOptions } from '../options.ts';
import { jsonText } from '../output/output.ts';
import { count } from '../output/text.ts';
import { namesOf, selectReporters } from '../press/targets.ts';
import { changeDocument } from './changes.ts';
import { pagesOf, type ServedPages, servesBoard } from './pages.ts';
import { tellRefusals } from './refusals.ts';
import { makeSinks, type SinkOptions } from './sinks/make.ts';
import type { Sink, Taken } from './sinks/sink.ts';
import { newWarn } from './warnings.ts';

/** `atcom listen` as plain data. */
export interface ListenWords extends ServedPages, SinkOptions, TargetOptions {
  readonly host?: string;
  readonly port?: number;
  readonly event?: readonly EventName[];
  readonly count?: number;
  readonly for?: number;
}

/** Prints and forwards events until it is told to stop. */
export async function listen(context: Context, options: ListenWords): Promise<void> {
  const chosen = await selectReporters(context, options);
  const unknown = whyUnknown(chosen ?? []);
  if (unknown !== undefined) throw unknown;
  const phones = chosen && namesOf(chosen);
  const warn = newWarn(context.output);
  const sinks = await makeSinks(context, options, warn);
  const config = await context.config();
  const pages = await pagesOf(config, context, options);
  const listening = await context.listen({
    ...options,
    phones: chosen,
    pages,
    onUnshared: (why) =>
      warn(
        `other commands cannot hear phones through this listener (${reasonOf(why)}); mend that, and start it again`,
      ),
    onTakeOver: ({ url }) => warn(`the other atcom receiver ended; listening on ${url} now`),
  });
  if (listening.receiver === undefined) await refusePages(listening, options);
  announce(context, listening, servesBoard(config, options));
  if (options.exec !== undefined && context.pid === 1)
    warn('nothing removes what commands leave behind with & and is over; run the container with --init');
  tellRefusals(listening.hub, context.output, context.stdout, warn);
  const matches = matcher({ events: options.event, phones });
  let seen = 0;
  let lost: AtcomError | undefined;
  // If that is all that was requested, there is nothing left to listen for.
  const shown = pages === undefined && sinks.length <= 1 ? context.stdout.gone : undefined;
  try {
    lost = await until([context.signal, shown], options.for, listening.lost, (end) => {
      const take = (taken: Taken) => {
        if (!matches(taken.event) || seen === options.count) return;
        seen += 1;
        for (const sink of sinks) sink.take(taken);
        if (seen === options.count) end();
      };
      const { hub } = listening;
      if (options.events === 'state')
        hub.onChange((change) => take({ ...change, json: jsonText(changeDocument(change)) }));
      else hub.subscribe((event) => take({ event, state: hub.state(event.phone), json: jsonText(event) }));
    });
  } finally {
    await listening.close();
    await drain(sinks, context.signal);
  }
  conclude(context, listening, sinks, seen);
  if (lost !== undefined) throw lost;
}

/** Only the process that owns the port can serve pages on it. */
async function refusePages(
  { port, close }: Listening,
  { board, boardHost, metrics }: ServedPages,
): Promise<void> {
  if (board !== true && boardHost === undefined && metrics !== true) return;
  await close();
  throw new AtcomError('port-unavailable', {
    address: `127.0.0.1:${port}`,
    reason: 'another atcom listen is using it; stop that one, or start it with the board',
  });
}

function announce({ output }: Context, { receiver, port, addresses }: Listening, board: boolean): void {
  if (output.quiet) return;
  output.note(() =>
    receiver === undefined
      ? `Port ${port} is in use by another atcom receiver${at(addresses)}; showing its events. Ctrl-C ends.`
      : `Listening on ${receiver.url}. Ctrl-C ends.`,
  );
  if (board && receiver !== undefined) {
    output.note(() => `Board: ${receiver.url.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1')}/board`);
  }
}

/** What is reported to other addresses is not heard. */
function at(addresses: readonly string[]): string {
  return addresses.length === 0 ? '' : ` (at ${addresses.join(', ')})`;
}

/** Settles at a signal, after a time, or when `start`'s callback is called; rejects when the listener is lost. */
async function until(
  signals: readonly (AbortSignal | undefined)[],
  ms: number | undefined,
  lost: Promise<AtcomError>,
  start: (end: () => void) => void,
): Promise<AtcomError | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<undefined>((resolve) => {
    const end = () => resolve(undefined);
    for (const signal of signals) {
      if (signal?.aborted === true) end();
      onAbort(signal, end);
    }
    if (ms !== undefined) timer = setTimeout(end, ms);
    start(end);
  });
  const error = await Promise.race([ended, lost]);
  clearTimeout(timer);
  return error;
}

/** How long a stopped run waits for events that are not forwarded yet, in milliseconds. */
const PATIENCE = 800;

/** Settles when everything was forwarded; after a signal, whatever is not forwarded soon is dropped. */
async function drain(sinks: readonly Sink[], signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hurry = () => {
    timer = setTimeout(() => {
      for (const sink of sinks) sink.stop();
    }, PATIENCE);
  };
  const forget = onAbort(signal, hurry);
  if (signal.aborted) hurry();
  await Promise.all(sinks.map((sink) => sink.drain()));
  forget();
  clearTimeout(timer);
}

function conclude(
  { output, exit }: Context,
  { receiver }: Listening,
  sinks: readonly Sink[],
  seen: number,
): void {
  const { unknown = 0, refused = 0 } = receiver?.counts ?? {};
  const complaints = sinks.flatMap((sink) => sink.complaint() ?? []);
  const parts = [
    count(seen, 'event'),
    ...(unknown > 0 ? [`${count(unknown, 'request')} to paths that name no event`] : []),
    ...(refused > 0 ? [`${count(refused, 'request')} refused`] : []),
    ...complaints,
  ];
  if (!output.quiet || complaints.length > 0) output.note(() => parts.join('; '));
  exit(complaints.length > 0 ? 1 : 0);
}
