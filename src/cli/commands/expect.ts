import { Argument } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import { parseEvent } from '../../protocol/events.ts';
import { collect, targetCommand, wholeNumber } from '../options.ts';
import type { Take } from '../step.ts';

/** `atcom expect <event>` */
export function expectCommand(take: Take) {
  return targetCommand('expect')
    .summary('wait for an event; exit 6 when it does not come')
    .description(
      'Waits for an event of a phone: exit 0 with the event, 6 without, and what was seen instead.',
    )
    .addArgument(
      new Argument('<event>', 'such as incomingCall; atcom events lists them').argParser(parseEvent),
    )
    .option('--within <duration>', 'how long to wait (default: 5s)', parseDuration)
    .option('--where <condition>', 'a value of the event, such as remote=*6040*; repeatable', collect)
    .option('--host <address>', 'address to bind; phones reach only another than 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom expect incomingCall --within 10s --to lab --where "remote=*6040*"',
    )
    .action((event, options) => take({ kind: 'expect', event, options }));
}
