import type { Config } from '../../config/index.ts';
import { readTargetLines } from '../../targets/lines.ts';
import { resolveTargets, type Targets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import type { PhoneOptions } from '../options.ts';
import { visible } from '../output/text.ts';
import { readStdin, readText } from '../read-text.ts';

/** The phones that a command is aimed at; `--to -` reads them from stdin, a target a line. */
export async function selectPhones(context: Context, options: PhoneOptions): Promise<Targets> {
  const { to = [], exclude, targetsFile, all } = options;
  const lines = [
    ...(to.includes('-') ? readTargetLines(await readStdin(context), 'stdin') : []),
    ...(targetsFile === undefined ? [] : readTargetLines(await readText(targetsFile, context), targetsFile)),
  ];
  const words = {
    to: to.filter((word) => word !== '-'),
    exclude,
    // Also where the file names nobody: then nobody is meant.
    lines: to.includes('-') || targetsFile !== undefined ? lines : undefined,
    all,
    fallback: context.env['ATCOM_TO'],
  };
  const config = await context.config();
  const targets = resolveTargets(words, config);
  warnOf(context, config);
  return targets;
}

/** Runs whose warnings were shown: a batch selects phones again and again. */
const warned = new WeakSet<Config>();

/** Tells what is likely wrong with the config, once. */
function warnOf({ output }: Context, config: Config): void {
  if (warned.has(config) || output.quiet || output.json) return;
  warned.add(config);
  for (const warning of config.warnings) {
    output.note((paint) => `${paint('yellow', 'warning')}: ${visible(warning)}`);
  }
}
