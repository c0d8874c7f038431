import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { parseTimeout } from '../../config/index.ts';
import { MOST_JOBS } from '../../fleet/run-fleet.ts';
import type { Context } from '../context.ts';
import { wholeNumber } from '../options.ts';

/** A phone has one or two web servers; more ports than this are a scan of something else. */
const MOST_PORTS = 16;

/** `atcom discover <cidr|range…>` */
export function discoverCommand(context: Context) {
  return new Command('discover')
    .summary('find phones on a network and print config lines for them')
    .description(
      'Looks for ATCOM phones, says which of them are in the config, and prints config lines for the others. ' +
        'It only fetches web pages: it presses no key and makes no phone ask.',
    )
    .argument('<cidr|range...>', 'IPv4: 10.0.0.0/24, 10.0.0.5-10.0.0.9, 10.0.0.[5-9]')
    .option('--port <ports>', 'port, or a comma list; 443 is https (default: 80)', parsePorts)
    .option('--timeout <duration>', 'time limit of one page (default: 1s)', parseTimeout)
    .option('-j, --jobs <n>', 'addresses tried at the same time (default: 128)', wholeNumber(1, MOST_JOBS))
    .option('-n, --dry-run', 'print the first URL of each address and send nothing')
    .option('--yes', 'do not ask, even for more than 1024 addresses')
    .addHelpText('after', '\nExample:\n  $ atcom discover 10.0.0.0/24 --port 80,443')
    .action(async (texts, options) => {
      const { search } = await import('../discover/search.ts');
      await search(context, texts, options);
    });
}

function parsePorts(text: string): readonly number[] {
  const ports = new Set(text.split(',').map(wholeNumber(1, 65_535)));
  if (ports.size > MOST_PORTS) throw new InvalidArgumentError(`Give at most ${MOST_PORTS} ports.`);
  return [...ports];
}
