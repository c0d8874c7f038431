import { Argument, Command } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import type { Context } from '../context.ts';
import { collect, wholeNumber } from '../options.ts';
import { eventText } from '../output/render.ts';
import { resolveTargets } from '../press/targets.ts';

/** `atcom expect <event>` */
export function expectCommand(context: Context) {
  return new Command('expect')
    .summary('wait for an event; exit 6 when it does not come')
    .description(
      'Waits for an event of a phone: exit 0 with the event, 6 without, and what was seen instead.',
    )
    .addArgument(
      new Argument('<event>', 'such as incomingCall; atcom events lists them').argParser(parseEvent),
    )
    .option('--within <duration>', 'how long to wait (default: 5s)', parseDuration)
    .option('-t, --to <target>', 'only from these phones; repeatable', collect)
    .option('--where <condition>', 'a value of the event, such as remote=*6040*; repeatable', collect)
    .option('--host <address>', 'address to bind; phones reach only another than 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom expect incomingCall --within 10s --to lab --where "remote=*6040*"',
    )
    .action((event, options) => expectEvent(context, event, options));
}

interface ExpectOptions {
  readonly within?: number;
  readonly to?: readonly string[];
  readonly where?: readonly string[];
  readonly host?: string;
  readonly port?: number;
}

async function expectEvent(context: Context, event: EventName, options: ExpectOptions): Promise<void> {
  const { within, to, where = [], host, port } = options;
  const { parseWhere } = await import('../../receiver/index.ts');
  const patterns = parseWhere(where);
  const config = await context.config();
  const targets = to === undefined ? undefined : resolveTargets({ to }, config).phones;
  if (context.collect !== undefined) {
    return context.collect({ check: async () => {}, run: (later) => expectEvent(later, event, options) });
  }
  const phones = targets?.flatMap(({ name, host: address }) =>
    name === undefined ? [address] : [name, address],
  );
  const listening = await context.listen({ host, port, phones: targets });
  try {
    const { signal, output, exit } = context;
    const found = await listening.hub.waitFor(event, { within, phones, where: patterns, signal });
    const value = { schema: 'atcom/1', command: 'expect', ok: true, exitCode: 0, event: found };
    output.result(value, (paint) => eventText(found, paint));
    exit(0);
  } finally {
    await listening.close();
  }
}
