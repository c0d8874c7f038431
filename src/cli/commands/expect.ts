import { Argument } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import { parseEvent } from '../../protocol/events.ts';
import { collect, targetCommand, wholeNumber } from '../options.ts';
import type { Take } from '../step.ts';

/** `atcom expect <event>` */
export function expectCommand(take: Take) {
  return targetCommand('expect')
    .summary('wait for an event; exit with 6 if it does not arrive')
    .description(
      'Waits for an event from a phone. Exits with 0 and prints the event, or with 6 and prints what was seen instead.',
    )
    .addArgument(
      new Argument('<event>', 'such as incomingCall; atcom events lists them').argParser(parseEvent),
    )
    .option('--within <duration>', 'how long to wait (default: 5s)', parseDuration)
    .option(
      '--where <condition>',
      'required value of the event, such as remote=*6040*; repeatable for other values',
      collect,
    )
    .option('--host <address>', 'address to listen on; phones cannot reach 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom expect incomingCall --within 10s --to lab --where "remote=*6040*"',
    )
    .action((event, options) => take({ kind: 'expect', event, options }));
}
