import { Command } from '@commander-js/extra-typings';
import { AtcomError } from '../../errors.ts';
import { hostText } from '../../protocol/command-url.ts';
import { parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import { endpointOf } from '../../protocol/settings.ts';
import type { Listening } from '../../receiver/index.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import { execSink, fileSink, lineSink, type Sink, webhookSink } from '../listen/sinks.ts';
import { startListening } from '../listen/start-listening.ts';
import { collect, wholeNumber } from '../options.ts';
import { jsonText } from '../output/output.ts';
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
    .option('--exec <command>', 'run this for each event, with its values in ATCOM_EVENT, ATCOM_REMOTE, …')
    .option('--webhook <url>', 'post each event as JSON')
    .option('--output <file>', 'append each event to a file, a line of JSON each')
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom listen --host 0.0.0.0 --event incomingCall --exec \'echo "$ATCOM_REMOTE"\'',
    )
    .action((options) => listen(context, options));
}

function collectEvents(word: string, events: readonly EventName[] = []): readonly EventName[] {
  return [...events, parseEvent(word)];
}

interface ListenCommandOptions {
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
  const listening = await startListening(context, options);
  announce(context, listening);
  const matches = matcher({ events: options.event, phones });
  let seen = 0;
  try {
    await until(context.signal, options.for, listening.ended, (end) => {
      listening.hub.subscribe((event) => {
        if (!matches(event) || seen === options.count) return;
        seen += 1;
        const json = jsonText(event);
        for (const sink of sinks) sink.take(event, json);
        if (seen === options.count) end();
      });
    });
  } finally {
    await listening.close();
    await Promise.all(sinks.map((sink) => sink.drain()));
  }
  conclude(context, listening, sinks, seen);
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
  return [
    ...(output.quiet ? [] : [lineSink(output, stdout)]),
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

function announce({ output }: Context, { receiver, port }: Listening): void {
  if (output.quiet) return;
  output.note(() =>
    receiver === undefined
      ? `Port ${port} is in use by another atcom receiver; showing its events. Ctrl-C ends.`
      : `Listening on ${receiver.url}. Ctrl-C ends.`,
  );
}

/** Settles at Ctrl-C, after a time, when the other receiver ends, or when `start`'s callback is called. */
async function until(
  signal: AbortSignal,
  ms: number | undefined,
  ended: Promise<void> | undefined,
  start: (end: () => void) => void,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (ms !== undefined) timer = setTimeout(resolve, ms);
    void ended?.then(resolve);
    start(resolve);
  });
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
    ...(unknown > 0 ? [`${count(unknown, 'request')} to paths of no event`] : []),
    ...(refused > 0 ? [`${count(refused, 'request')} refused`] : []),
    ...complaints,
  ];
  if (!output.quiet || complaints.length > 0) output.note(() => parts.join('; '));
  exit(complaints.length > 0 ? 1 : 0);
}
