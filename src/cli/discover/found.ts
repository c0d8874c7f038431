import { visible } from '../../errors/visible.ts';
import type { Discovery } from '../../fleet/discover.ts';
import { type Endpoint, hostText } from '../../protocol/command-url.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { count } from '../output/text.ts';
import type { PlacedFind } from './placing.ts';

/** The counts of a search, besides its finds. */
interface Counts {
  readonly addresses: number;
  /** Addresses to which this computer has no route. */
  readonly unrouted: number;
  readonly ms: number;
}

/** New phones as lines to paste into the config, and the others as comments. */
export function configLines(finds: readonly PlacedFind[]): string {
  const known = finds.filter(({ status }) => status !== 'new').map((find) => `# ${standing(find)}`);
  const fresh = finds.filter(({ status }) => status === 'new').map(configLine);
  return [...known, ...(fresh.length === 0 ? [] : ['phones:', ...fresh])].join('\n');
}

/** `phone-10-0-0-5`, or `phone-10-0-0-5-8080` for a port other than the scheme's default. */
function nameOf(endpoint: Endpoint): string {
  return `phone-${hostText(endpoint).replace(/[.:]/g, '-')}`;
}

/** A title from the network must stay inside its comment, so control characters and line breaks are removed. */
function configLine({ endpoint, model, hint, certainty, mac }: PlacedFind): string {
  const host = hostText(endpoint);
  const settings = [
    `host: ${host.includes(':') ? `"${host}"` : host}`,
    ...(endpoint.scheme === 'https' ? ['scheme: https'] : []),
    ...(model === undefined ? [] : [`model: ${model}`]),
    ...(mac === undefined ? [] : [`mac: "${mac}"`]),
  ];
  const comment = [...(hint === undefined ? [] : [visible(hint)]), certainty].join(', ');
  return `  ${nameOf(endpoint)}: { ${settings.join(', ')} }  # ${comment}`;
}

/** How a phone compares with the config. */
function standing({ endpoint, status, phone = '', was = '', mac = '' }: PlacedFind): string {
  const host = hostText(endpoint);
  const name = visible(phone);
  if (status === 'known') return `${name}: ${host}, as in the config`;
  return status === 'moved'
    ? `${name}: moved to ${host} (${mac}); the config has it at ${visible(was)}`
    : `${host} is ${name} in the config, but another phone now (${mac})`;
}

/** The words for each status, in the order of the summary. */
const STATUSES = {
  new: 'new',
  known: 'in the config',
  moved: 'moved',
  replaced: 'not the phone in the config',
} as const satisfies Readonly<Record<PlacedFind['status'], string>>;

/** How many phones were found, and what was not searched. */
export function summaryLines(
  { finds, redirects, searched, answered }: Discovery,
  placed: readonly PlacedFind[],
  { addresses: total, unrouted }: Counts,
): string {
  const sure = finds.filter(({ certainty }) => certainty === 'sure').length;
  const maybe = finds.length - sure;
  const counts = `${count(finds.length, 'phone')} found (${sure} sure, ${maybe} maybe)`;
  const where = searched === total ? `${total}` : `${searched} of ${total}`;
  const hosts = redirects.map((endpoint) => hostText(endpoint));
  const shown = hosts.length > 12 ? `${hosts.slice(0, 12).join(', ')} … (${hosts.length})` : hosts.join(', ');
  return [
    `${counts}${statusText(placed)}; ${where} ${total === 1 ? 'address' : 'addresses'} searched, ${answered} with a web server`,
    ...(unrouted === 0 ? [] : [`This computer has no route to ${unrouted} of them; they were not tried.`]),
    ...(hosts.length === 0
      ? []
      : [`Redirected to https, which was not tried: ${shown}; --port 443 tries it.`]),
    ...(maybe === 0 ? [] : ['Check each maybe before you paste it.']),
  ].join('\n');
}

/** Empty if all are new: without a config, the status says nothing. */
function statusText(placed: readonly PlacedFind[]): string {
  if (placed.every(({ status }) => status === 'new')) return '';
  const parts = Object.entries(STATUSES).flatMap(([status, text]) => {
    const number = placed.filter((find) => find.status === status).length;
    return number === 0 ? [] : [`${number} ${text}`];
  });
  return `: ${parts.join(', ')}`;
}

/** The `--json` document. */
export function documentOf(
  { redirects, searched, answered }: Discovery,
  finds: readonly PlacedFind[],
  { addresses, unrouted, ms, exitCode }: Counts & { readonly exitCode: number },
) {
  const sure = finds.filter(({ certainty }) => certainty === 'sure').length;
  const place = (endpoint: Endpoint) => ({ host: hostText(endpoint), scheme: endpoint.scheme });
  return {
    ...documentHead('discover', exitCode),
    summary: { addresses, searched, unrouted, answered, found: finds.length, sure, ms: Math.round(ms) },
    phones: finds.map(({ endpoint, ...rest }) => ({ name: nameOf(endpoint), ...place(endpoint), ...rest })),
    redirects: redirects.map(place),
  };
}
