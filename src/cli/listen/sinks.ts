import type { Environment } from '../../config/index.ts';
import { VARIABLE_DEFINITIONS } from '../../protocol/variables.ts';
import type { PhoneState, ReportedEvent } from '../../receiver/index.ts';
import type { Output, Paint, Writable } from '../output/output.ts';

/** What `atcom listen` passes on: an event, the state of the phone after it, and the document of one of the two. */
export interface Taken {
  readonly event: ReportedEvent;
  readonly state: PhoneState;
  readonly json: string;
}

/** Where `atcom listen` passes events on to. */
export interface Sink {
  /** Takes an event, and returns at once. */
  take(taken: Taken): void;
  /** Settles when all that was taken is passed on. */
  drain(): Promise<void>;
  /** What to tell at the end; undefined when all went well. */
  complaint(): string | undefined;
}

/** Tells a person that passing an event on failed. */
export type Complain = (what: string, error: Error) => void;

/** Work side by side, and what may wait for it. */
const QUEUE = { jobs: 4, most: 1000 } as const;

/** A receiver of the other side has this long to take an event, in milliseconds. */
const WEBHOOK_TIMEOUT = 5000;

/**
 * Runs a command for every event. The values go into its environment, as `ATCOM_REMOTE` and so on, and nowhere into the
 * command itself: what a caller calls himself must not reach a shell.
 */
export async function execSink(command: string, env: Environment, complain: Complain): Promise<Sink> {
  const { spawn } = await import('node:child_process');
  return queueSink('--exec', complain, ({ event, state }) => {
    const child = spawn(command, {
      shell: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...eventEnvironment(event, env), ATCOM_STATE: state.call },
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(signal === null ? `it ended with ${code}` : `it was ended by ${signal}`));
      });
    });
  });
}

/** What a command may know of the settings of this run; whatever else begins with ATCOM_ can be a credential. */
const PASSED_ON = ['CONFIG', 'PROFILE', 'TO', 'TIMEOUT', 'DELAY', 'OFFLINE'].map((name) => `ATCOM_${name}`);

/** The environment of `--exec`: only known variables, so that no event can set `ATCOM_TO` or a password. */
export function eventEnvironment(event: ReportedEvent, env: Environment): Record<string, string | undefined> {
  const clean = (text: string) => text.replaceAll('\0', '');
  const values = VARIABLE_DEFINITIONS.filter(({ source }) => source !== 'slip').map(
    ({ name }) => [`ATCOM_${name.toUpperCase()}`, clean(event.values[name] ?? '')] as const,
  );
  const others = Object.entries(env).filter(
    ([name]) => !name.startsWith('ATCOM_') || PASSED_ON.includes(name),
  );
  return {
    // A command that hears of calls has no business with the credentials of the phones.
    ...Object.fromEntries(others),
    ...Object.fromEntries(values),
    ATCOM_EVENT: event.event,
    ATCOM_PHONE: clean(event.phone),
    ATCOM_SOURCE: event.source,
    ATCOM_TIME: event.time,
    ATCOM_JSON: clean(JSON.stringify(event)),
  };
}

/** Posts every event as JSON. Redirects are not followed, nothing is tried again. */
export async function webhookSink(url: string, complain: Complain): Promise<Sink> {
  const { request } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  return queueSink('--webhook', complain, ({ json: body }) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const post = request(url, { method: 'POST', headers, timeout: WEBHOOK_TIMEOUT, agent: false });
      post.on('error', reject).on('timeout', () => post.destroy(new Error('no answer in time')));
      post.on('response', (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`it answered ${statusCode}`));
      });
      post.end(body);
    });
  });
}

async function queueSink(
  name: string,
  complain: Complain,
  work: (taken: Taken) => Promise<void>,
): Promise<Sink> {
  const { WorkQueue } = await import('../../receiver/index.ts');
  const queue = new WorkQueue<Taken>({
    ...QUEUE,
    work,
    onError: (error, { event }) => complain(`${name} for ${event.event} of ${event.phone}`, error),
  });
  return {
    take: (taken) => queue.add(taken),
    drain: () => queue.drain(),
    complaint: () => {
      const { failed, dropped } = queue.counts;
      const parts = [
        ...(failed > 0 ? [`${failed} failed`] : []),
        ...(dropped > 0 ? [`${dropped} dropped`] : []),
      ];
      return parts.length === 0 ? undefined : `${name}: ${parts.join(', ')}`;
    },
  };
}

/** What comes within so many milliseconds is one write: each costs more than taking an event. */
const GATHERED = 50;

/** Characters that may wait for a disk or a reader that is slower than the phones. */
const MOST_TEXT = 64 * 1024 * 1024;

/** Writes the first item at once, and together those that follow closely. */
function gather<T>(write: (items: readonly T[]) => unknown): { take(item: T): void; drain(): Promise<void> } {
  let waiting: T[] = [];
  let writing: Promise<void> | undefined;
  const writeAll = async () => {
    while (waiting.length > 0) {
      const items = waiting;
      waiting = [];
      await write(items);
      await new Promise((resolve) => setTimeout(resolve, GATHERED));
    }
    writing = undefined;
  };
  return {
    take(item) {
      waiting.push(item);
      writing ??= writeAll();
    },
    drain: async () => writing,
  };
}

/** Shows what comes: a line for a person on a terminal, else a line of JSON, which `--json` forces. */
export function lineSink(
  output: Output,
  stdout: Writable,
  textOf: (taken: Taken, paint: Paint) => string,
): Sink {
  const readable = stdout.isTTY === true && !output.json;
  let lost = 0;
  const lines = gather<Taken>((items) => {
    // Whatever the reader of a pipe leaves there is kept in memory.
    if ((stdout.writableLength ?? 0) > MOST_TEXT) lost += items.length;
    else output.lines(items, (taken, paint) => (readable ? textOf(taken, paint) : taken.json));
  });
  return {
    take: lines.take,
    drain: lines.drain,
    complaint: () => (lost === 0 ? undefined : `output: ${lost} lost`),
  };
}

/**
 * Appends every event as a line to a file, written as on stdout, since people look at such a file with `tail -f`. Each
 * write opens the file anew, so that a rotated file is left alone and a new one begun.
 */
export async function fileSink(path: string, complain: Complain): Promise<Sink> {
  const { appendFile } = await import('node:fs/promises');
  // At once, so that a wrong path is an error before the first event.
  await appendFile(path, '');
  let [length, lost, told] = [0, 0, false];
  const { take, drain } = gather<string>(async (lines) => {
    const text = lines.join('');
    try {
      await appendFile(path, text);
    } catch (error) {
      lost += lines.length;
      if (!told) complain(`--output ${path}`, error as Error);
      told = true;
    }
    length -= text.length;
  });
  return {
    take({ json }) {
      if (length > MOST_TEXT) {
        lost += 1;
        return;
      }
      const line = `${json}\n`;
      length += line.length;
      take(line);
    },
    drain,
    complaint: () => (lost === 0 ? undefined : `--output: ${lost} lost`),
  };
}
