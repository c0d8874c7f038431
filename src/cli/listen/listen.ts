import { AtcomError } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import type { EventName } from '../../protocol/events.ts';
import { endpointOf } from '../../protocol/settings.ts';
import { type Listening, matcher } from '../../receiver/index.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import { jsonText, type Paint } from '../output/output.ts';
import { eventText } from '../output/render.ts';
import { count, visible } from '../output/text.ts';
import { changeDocument, changeText } from './changes.ts';
import { pagesOf, type ServedPages, servesBoard } from './pages.ts';
import { execSink, fileSink, lineSink, type Sink, type Taken, webhookSink } from './sinks.ts';

interface ListenCommandOptions extends ServedPages {
  readonly events: 'all' | 'state';
  readonly host?: string;
  readonly port?: number;
  readonly event?: readonly EventName[];
  readonly from?: readonly string[];
  readonly count?: number;
  readonly for?: number;
  readonly exec?: string;
  readonly webhook?: string;
  readonly output?: string;
}

/** Shows events until Ctrl-C, and hands them to what the options name. */
export async function listen(context: Context, options: ListenCommandOptions): Promise<void> {
  const phones = options.from === undefined ? undefined : await namesOf(context, options.from);
  const sinks = await makeSinks(context, options);
  const pages = await pagesOf(await context.config(), context.env, options);
  const listening = await context.listen({
    ...options,
    pages,
    onTakeOver: ({ url }) =>
      context.output.note(() => `The other atcom receiver ended; listening on ${url} now.`),
  });
  if (listening.receiver === undefined) await refusePages(listening, options);
  announce(context, listening, servesBoard(await context.config(), options));
  const matches = matcher({ events: options.event, phones });
  let seen = 0;
  let lost: AtcomError | undefined;
  try {
    lost = await until(context.signal, options.for, listening.lost, (end) => {
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
    await Promise.all(sinks.map((sink) => sink.drain()));
  }
  conclude(context, listening, sinks, seen);
  if (lost !== undefined) throw lost;
}

async function namesOf(context: Context, from: readonly string[]): Promise<string[]> {
  const { phones } = resolveTargets({ to: from }, await context.config());
  return phones.flatMap((phone) => {
    const host = hostText(endpointOf(phone));
    return phone.name === undefined ? [host] : [phone.name, host];
  });
}

async function makeSinks({ output, stdout, env }: Context, options: ListenCommandOptions): Promise<Sink[]> {
  const complain = (what: string, error: Error) =>
    output.note((paint) => `${paint('yellow', 'warning')}: ${visible(`${what}: ${error.message}`)}`);
  if (options.webhook !== undefined && !/^https?:\/\/[^\s]+$/.test(options.webhook)) {
    throw new AtcomError('usage', {
      reason: '--webhook wants a URL',
      hint: 'such as http://127.0.0.1:3000/events',
    });
  }
  const { output: file } = options;
  const textOf =
    options.events === 'state' ? changeText : ({ event }: Taken, paint: Paint) => eventText(event, paint);
  return [
    ...(output.quiet ? [] : [lineSink(output, stdout, textOf)]),
    ...(options.exec === undefined ? [] : [await execSink(options.exec, env, complain)]),
    ...(options.webhook === undefined ? [] : [await webhookSink(options.webhook, complain)]),
    ...(file === undefined ? [] : [await openFile(file, complain)]),
  ];
}

async function openFile(path: string, complain: (what: string, error: Error) => void): Promise<Sink> {
  try {
    return await fileSink(path, complain);
  } catch (error) {
    throw new AtcomError(
      'unwritable-file',
      { file: path, reason: (error as Error).message },
      { cause: error },
    );
  }
}

/** Only whoever has the port can serve pages on it. */
async function refusePages(
  { port, close }: Listening,
  { board, boardHost, metrics }: ServedPages,
): Promise<void> {
  if (board !== true && boardHost === undefined && metrics !== true) return;
  await close();
  throw new AtcomError('port-unavailable', {
    address: `127.0.0.1:${port}`,
    reason: 'another atcom listen has it; end that one, or give it the board',
  });
}

function announce({ output }: Context, { receiver, port }: Listening, board: boolean): void {
  if (output.quiet) return;
  output.note(() =>
    receiver === undefined
      ? `Port ${port} is in use by another atcom receiver; showing its events. Ctrl-C ends.`
      : `Listening on ${receiver.url}. Ctrl-C ends.`,
  );
  if (board && receiver !== undefined) {
    output.note(() => `Board: ${receiver.url.replace(/\/\/(0\.0\.0\.0|\[::\])/, '//127.0.0.1')}/board`);
  }
}

/** Settles at Ctrl-C, after a time, when `start`'s callback is called, or with an error when nothing is heard any more. */
async function until(
  signal: AbortSignal,
  ms: number | undefined,
  lost: Promise<AtcomError>,
  start: (end: () => void) => void,
): Promise<AtcomError | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ended = new Promise<undefined>((resolve) => {
    const end = () => resolve(undefined);
    if (signal.aborted) end();
    signal.addEventListener('abort', end, { once: true });
    if (ms !== undefined) timer = setTimeout(end, ms);
    start(end);
  });
  const error = await Promise.race([ended, lost]);
  clearTimeout(timer);
  return error;
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
    ...(unknown > 0 ? [`${count(unknown, 'request')} to paths of no event`] : []),
    ...(refused > 0 ? [`${count(refused, 'request')} refused`] : []),
    ...complaints,
  ];
  if (!output.quiet || complaints.length > 0) output.note(() => parts.join('; '));
  exit(complaints.length > 0 ? 1 : 0);
}
