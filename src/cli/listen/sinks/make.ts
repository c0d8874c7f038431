import { AtcomError } from '../../../errors.ts';
import type { Context } from '../../context.ts';
import type { Paint } from '../../output/output.ts';
import { eventText } from '../../output/render.ts';
import { changeText } from '../changes.ts';
import { newSeldomWarn, type Warn } from '../warnings.ts';
import { lineSink } from './lines.ts';
import type { Sink, Taken } from './sink.ts';

/** Where events go besides stdout. */
export interface SinkOptions {
  readonly events: 'all' | 'state';
  readonly exec?: string;
  readonly webhook?: string;
  readonly output?: string;
}

/**
 * Creates all requested sinks.
 *
 * @throws {AtcomError} `usage`, `unwritable-file`
 */
export async function makeSinks(context: Context, words: SinkOptions, warn: Warn): Promise<readonly Sink[]> {
  const { output, stdout } = context;
  const complain = newSeldomWarn(warn);
  const { events, exec, webhook, output: file } = words;
  const textOf =
    events === 'state' ? changeText : ({ event }: Taken, paint: Paint) => eventText(event, paint);
  const sinks: Sink[] = output.quiet ? [] : [lineSink(output, stdout, textOf, complain)];
  if (exec !== undefined) {
    const { execSink } = await import('./exec.ts');
    sinks.push(await execSink(exec, context, complain));
  }
  if (webhook !== undefined) {
    const { webhookSink } = await import('./webhook.ts');
    sinks.push(await webhookSink(parseWebhook(webhook), complain));
  }
  if (file !== undefined) {
    const { fileSink } = await import('./file.ts');
    sinks.push(await fileSink(file, context, complain));
  }
  return sinks;
}

function parseWebhook(url: string): string {
  if (/^https?:\/\/\S+$/.test(url) && URL.canParse(url)) return url;
  throw new AtcomError('usage', {
    reason: '--webhook needs a URL',
    hint: 'such as http://127.0.0.1:3000/events',
  });
}
