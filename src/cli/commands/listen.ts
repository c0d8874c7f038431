import { Command, Option } from '@commander-js/extra-typings';
import { AtcomError } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import { parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import { endpointOf } from '../../protocol/settings.ts';
import type { Listening } from '../../receiver/index.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import { changeDocument, changeText } from '../listen/changes.ts';
import { pagesOf, type ServedPages, servesBoard } from '../listen/pages.ts';
import { execSink, fileSink, lineSink, type Sink, type Taken, webhookSink } from '../listen/sinks.ts';
import { collect, wholeNumber } from '../options.ts';
import { jsonText, type Paint } from '../output/output.ts';
import { eventText } from '../output/render.ts';
import { count, visible } from '../output/text.ts';

/** `atcom listen` */
export function listenCommand(context: Context) {
  return new Command('listen')
    .summary('show what the phones report, as it comes')
    .description(
      'Receives the events of phones (Action URL) until Ctrl-C: lines on a terminal, else JSON, a line each.',
    )
    .option('--host <address>', 'address to bind; phones reach only another than 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .option('--event <event>', 'only this event; repeatable', collectEvents)
    .option('--from <target>', 'only these phones; as --to, repeatable', collect)
    .option('--count <n>', 'end after so many events', wholeNumber(1, 999_999_999))
    .option('--for <duration>', 'end after this time', parseDuration)
    .addOption(
      new Option('--events <what>', 'each event, or each change of what a phone does')
        .choices(['all', 'state'])
        .default('all'),
    )
    .option('--exec <command>', 'run this for each, with values in ATCOM_EVENT, ATCOM_REMOTE, ATCOM_STATE, …')
    .option('--webhook <url>', 'post each event as JSON')
    .option('--output <file>', 'append each event to a file, a line of JSON each')
    .option('--board', 'show what the phones do in a browser on this computer, at /board')
    .option(
      '--board-host <host>',
      'let other computers in, by this name; 0.0.0.0: any address; repeatable',
      collect,
    )
    .option('--board-token-file <file>', 'file with their password in its first line; else ATCOM_BOARD_TOKEN')
    .option('--metrics', 'counts for Prometheus, at /metrics')
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom listen --host 0.0.0.0 --event incomingCall --exec \'echo "$ATCOM_REMOTE"\'',
    )
    .action((options) => listen(context, options));
}

function collectEvents(word: string, events: readonly EventName[] = []): readonly EventName[] {
  return [...events, parseEvent(word)];
}

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

async function listen(context: Context, options: ListenCommandOptions): Promise<void> {
  const { matcher } = await import('../../receiver/index.ts');
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
