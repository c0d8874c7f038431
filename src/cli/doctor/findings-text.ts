import { networkInterfaces } from 'node:os';
import { CHECKS, type Check, type Level } from '../../doctor/finding.ts';
import type { Paint, Style } from '../output/output.ts';
import { visible } from '../output/text.ts';

/** A phone and what was found; as in `--json`. */
export interface Examined {
  readonly phone: string;
  readonly host: string;
  readonly checks: readonly Check[];
}

const STYLES: Readonly<Record<Level, Style>> = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
  skipped: 'dim',
};

const CHECK_WIDTH = Math.max(...CHECKS.map((check) => check.length));
const LEVEL_WIDTH = 'warning'.length;
const INDENT = ' '.repeat(2 + CHECK_WIDTH + 2 + LEVEL_WIDTH + 2);

/** A phone a paragraph, a check a line, its remedy below. */
export function examinedText(results: readonly Examined[], paint: Paint): string {
  return results.map((result) => paragraph(result, paint)).join('\n\n');
}

function paragraph({ phone, host, checks }: Examined, paint: Paint): string {
  const title = phone === host ? visible(host) : `${visible(phone)} (${visible(host)})`;
  const lines = checks.flatMap(({ check, level, message, remedy }) => [
    `  ${check.padEnd(CHECK_WIDTH)}  ${paint(STYLES[level], level.padEnd(LEVEL_WIDTH))}  ${visible(message)}`,
    ...(remedy === undefined ? [] : [`${INDENT}${paint('bold', 'Fix:')} ${visible(remedy)}`]),
  ]);
  return [paint('bold', title), ...lines].join('\n');
}

/** How to begin, for a person who has nothing yet. */
export function beginText(paint: Paint): string {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  const own = addresses.length === 0 ? '' : ` (${addresses.join(' or ')})`;
  return `There is no phone yet: no config file, no --to, no ATCOM_TO.

${paint('bold', 'Without a phone')}
  atcom dial 6040 --to virtual    a virtual phone for one command
  atcom sim                       virtual phones that stay

${paint('bold', 'With a phone')}, at 172.16.0.57 for example
  1. On its page Phone – Remote Control, enter the address of this computer${own}
     as "Action URI allow IP list".
  2. atcom allow 172.16.0.57      then press Save on the phone
  3. atcom doctor 172.16.0.57     checks all the rest

${paint('bold', 'A name for it')}, in atcom.config.yaml, here or in a folder above
  default: reception
  phones:
    reception: { host: 172.16.0.57, model: A48 }`;
}
