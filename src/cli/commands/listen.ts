import { Option } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import type { Context } from '../context.ts';
import { collect, targetCommand, wholeNumber, withTargets } from '../options.ts';

/** `atcom listen` */
export function listenCommand(context: Context) {
  return targetCommand('listen')
    .summary('show what the phones report, as it arrives')
    .description(
      'Receives events from phones (Action URL) until Ctrl-C: as text on a terminal, otherwise as JSON, one per line.',
    )
    .argument('[target...]', 'only these phones, as for --to; by default, all that report')
    .option('--host <address>', 'address to listen on; phones cannot reach 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .option('--event <event>', 'only this event; repeatable', collectEvents)
    .option('--count <n>', 'end after this many events', wholeNumber(1, 999_999_999))
    .option('--for <duration>', 'end after this time', parseDuration)
    .addOption(
      new Option('--events <what>', "write each event, or each change of a phone's state")
        .choices(['all', 'state'])
        .default('all'),
    )
    .option(
      '--exec <command>',
      'run this for each event, with values in ATCOM_EVENT, ATCOM_REMOTE, ATCOM_STATE, …',
    )
    .option('--webhook <url>', 'post each event as JSON')
    .option('--output <file>', 'append each event to a file, as a line of JSON')
    .option('--board', 'serve a board of what the phones are doing at /board, to this computer')
    .option(
      '--board-host <host>',
      'let other computers open it, under this name; 0.0.0.0: any address; repeatable',
      collect,
    )
    .option(
      '--board-token-file <file>',
      'file with its password in the first line, 12 characters or more; otherwise ATCOM_BOARD_TOKEN',
    )
    .option('--metrics', 'serve metrics for Prometheus at /metrics')
    .addHelpText(
      'after',
      '\nExample:\n  $ atcom listen --host 0.0.0.0 --event incomingCall --exec \'printf "%s\\n" "$ATCOM_REMOTE"\'',
    )
    .action(async (targets, options) => {
      const { listen } = await import('../listen/listen.ts');
      return listen(context, withTargets(targets, options));
    });
}

function collectEvents(word: string, events: readonly EventName[] = []): readonly EventName[] {
  return [...events, parseEvent(word)];
}
