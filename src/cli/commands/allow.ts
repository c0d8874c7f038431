import { Option } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import type { Context } from '../context.ts';
import { targetCommand, withTargets } from '../options.ts';

/** `atcom allow <target>` */
export function allowCommand(context: Context) {
  return targetCommand('allow')
    .summary('make a phone allow this computer to press its keys')
    .description(
      'Makes a phone ask "Allow Remote Control?", waits until someone presses Save on it, checks that it accepts keys, ' +
        'and remembers that. RELEASE, which goes back to the main screen, is pressed once it is allowed.',
    )
    .argument('[target...]', 'phones, as for --to')
    .addOption(
      new Option('--wait <duration>', 'how long to wait for Save')
        .argParser(parseDuration)
        .default(60_000, '60s'),
    )
    .option('--key <key>', 'press this key instead of RELEASE')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .option('--timeout <duration>', 'time limit of one request, such as 5s', parseDuration)
    .option('--yes', 'do not ask, even for many phones')
    .addHelpText('after', '\nExample:\n  $ atcom allow 172.16.0.57')
    .action(async (targets, options) => {
      const { runAllow } = await import('../allow/allow.ts');
      await runAllow(context, withTargets(targets, options));
    });
}
