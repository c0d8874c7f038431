import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { parseTimeout } from '../../config/index.ts';
import { AtcomError, interruptedCode } from '../../errors.ts';
import type { Discovery, Find } from '../../fleet/discover.ts';
import { MOST_JOBS } from '../../fleet/run-fleet.ts';
import { type Endpoint, hostText, originOf } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import type { Context } from '../context.ts';
import { wholeNumber } from '../options.ts';
import { confirm } from '../output/confirm.ts';
import { startProgress } from '../output/progress.ts';
import { count, visible } from '../output/text.ts';
import { newPageGetter } from '../page-getter.ts';

/** A /22; above it a person is asked first. */
const MANY_ADDRESSES = 1024;

/** A phone has one or two web servers; more ports than this are a scan of something else. */
const MOST_PORTS = 16;

interface Options {
  readonly port?: readonly number[] | undefined;
  readonly timeout?: number | undefined;
  readonly jobs?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

/** `atcom discover <cidr|range…>` */
export function discoverCommand(context: Context) {
  return new Command('discover')
    .summary('find phones in a network and print config lines for them')
    .description(
      'Asks addresses for ATCOM phones and prints config lines to paste. Fetches web pages only: presses no key, makes no phone ask.',
    )
    .argument('<cidr|range...>', 'IPv4: 10.0.0.0/24, 10.0.0.5-10.0.0.9, 10.0.0.[5-9]')
    .option('--port <ports>', 'port, or a comma list; 443 is https (default: 80)', parsePorts)
    .option('--timeout <duration>', 'for one page (default: 1s)', parseTimeout)
    .option('-j, --jobs <n>', 'addresses asked side by side (default: 128)', wholeNumber(1, MOST_JOBS))
    .option('-n, --dry-run', 'print the first URL of each address and send nothing')
    .option('--yes', 'do not ask, even for more than 1024 addresses')
    .addHelpText('after', '\nExample:\n  $ atcom discover 10.0.0.0/24 --port 80,443')
    .action((texts, options) => search(context, texts, options));
}

function parsePorts(text: string): readonly number[] {
  const ports = new Set(text.split(',').map(wholeNumber(1, 65_535)));
  if (ports.size > MOST_PORTS) throw new InvalidArgumentError(`Give at most ${MOST_PORTS} ports.`);
  return [...ports];
}

async function search(context: Context, texts: readonly string[], options: Options): Promise<void> {
  const { output, signal, exit } = context;
  const { port: ports = [80], timeout = 1000, jobs } = options;
  const { expandAddresses } = await import('../../targets/addresses.ts');
  const { discover, endpointsOf, FIRST_PAGE } = await import('../../fleet/discover.ts');
  const addresses = expandAddresses(texts);
  if (options.dryRun === true) {
    const urls = addresses.flatMap((address) =>
      endpointsOf(address, ports).map((endpoint) => originOf(endpoint) + FIRST_PAGE),
    );
    const plan = { ...documentHead('discover'), dryRun: true, urls };
    output.result(plan, () => urls.join('\n'));
    return;
  }
  await confirmSearch(context, addresses.length, options.yes === true);
  await context.beforeSending?.();
  const started = performance.now();
  const get = await newPageGetter(context);
  const progress = showProgress(context, addresses.length);
  const onSearched = progress.searched;
  const found = await discover(addresses, { get, ports, timeout, jobs, signal, onSearched }).finally(
    progress.stop,
  );
  const exitCode = signal.aborted ? interruptedCode(signal) : 0;
  output.result(documentOf(found, addresses.length, exitCode, performance.now() - started), () =>
    configLines(found.finds),
  );
  if (!output.json && !output.quiet) output.note(() => summaryLines(found, addresses.length));
  exit(exitCode);
}

async function confirmSearch(context: Context, addresses: number, yes: boolean): Promise<void> {
  if (yes || addresses <= MANY_ADDRESSES) return;
  const what = `this asks ${addresses} addresses, more than the ${MANY_ADDRESSES} of a /22`;
  if (!(await confirm(context, what))) throw new AtcomError('not-confirmed', { what });
}

/** Progress that counts addresses. */
function showProgress({ output }: Context, total: number) {
  let [searched, found] = [0, 0];
  const progress = startProgress(output, () => `${searched}/${total} addresses  found ${found}`);
  return {
    searched: (finds: readonly Find[]) => {
      searched += 1;
      found += finds.length;
      progress.update();
    },
    stop: () => progress.stop(),
  };
}
/** `phone-10-0-0-5`, or `phone-10-0-0-5-8080` where the port is not the scheme's own. */
function nameOf(endpoint: Endpoint): string {
  return `phone-${hostText(endpoint).replace(/[.:]/g, '-')}`;
}

function configLines(finds: readonly Find[]): string {
  return finds.length === 0 ? '' : ['phones:', ...finds.map(configLine)].join('\n');
}

/** A title from the network must stay inside its comment: without controls and line ends it does. */
function configLine({ endpoint, model, hint, certainty }: Find): string {
  const host = hostText(endpoint);
  const settings = [
    `host: ${host.includes(':') ? `"${host}"` : host}`,
    ...(endpoint.scheme === 'https' ? ['scheme: https'] : []),
    ...(model === undefined ? [] : [`model: ${model}`]),
  ];
  const comment = [...(hint === undefined ? [] : [visible(hint)]), certainty].join(', ');
  return `  ${nameOf(endpoint)}: { ${settings.join(', ')} }  # ${comment}`;
}

function summaryLines({ finds, redirects, searched, answered }: Discovery, total: number): string {
  const sure = finds.filter(({ certainty }) => certainty === 'sure').length;
  const maybe = finds.length - sure;
  const counts = `${count(finds.length, 'phone')} found (${sure} sure, ${maybe} maybe)`;
  const where = searched === total ? `${total}` : `${searched} of ${total}`;
  const hosts = redirects.map((endpoint) => hostText(endpoint));
  const shown = hosts.length > 12 ? `${hosts.slice(0, 12).join(', ')} … (${hosts.length})` : hosts.join(', ');
  return [
    `${counts}; ${where} ${total === 1 ? 'address' : 'addresses'} searched, ${answered} with a web server`,
    ...(hosts.length === 0 ? [] : [`Led to https, where nobody looked: ${shown}; --port 443 looks there.`]),
    ...(maybe === 0 ? [] : ['Look at each maybe before you paste it.']),
  ].join('\n');
}

function documentOf(found: Discovery, addresses: number, exitCode: number, ms: number) {
  const { finds, redirects, searched, answered } = found;
  const sure = finds.filter(({ certainty }) => certainty === 'sure').length;
  const place = (endpoint: Endpoint) => ({ host: hostText(endpoint), scheme: endpoint.scheme });
  return {
    ...documentHead('discover', exitCode),
    summary: { addresses, searched, answered, found: finds.length, sure, ms: Math.round(ms) },
    phones: finds.map(({ endpoint, ...rest }) => ({ name: nameOf(endpoint), ...place(endpoint), ...rest })),
    redirects: redirects.map(place),
  };
}
