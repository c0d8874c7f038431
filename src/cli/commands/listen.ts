import { Option } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import type { Context } from '../context.ts';
import { collect, targetCommand, wholeNumber, withTargets } from '../options.ts';

/** `atcom listen` */
export function listenCommand(context: Context) {
  return targetCommand('listen')
    .summary('show what the phones report, as it comes')
    .description(
      'Receives the events of phones (Action URL) until Ctrl-C: lines on a terminal, else JSON, a line each.',
    )
    .argument('[target...]', 'only these phones, as for --to; all that report by default')
    .option('--host <address>', 'address to bind; phones reach only another than 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .option('--event <event>', 'only this event; repeatable', collectEvents)
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
    .action(async (targets, options) => {
      const { listen } = await import('../listen/listen.ts');
      return listen(context, withTargets(targets, options));
    });
}

function collectEvents(word: string, events: readonly EventName[] = []): readonly EventName[] {
  return [...events, parseEvent(word)];
}
