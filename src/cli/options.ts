import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseDuration } from '../protocol/duration.ts';

/** A count in a range, for an option or an argument. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

function collect(word: string, words: readonly string[] = []): readonly string[] {
  return [...words, word];
}

/** Options that every command takes, before or after its name. */
export function commonOptions(command: Command): Command {
  return command
    .option('--json', 'write one JSON document instead of text')
    .option('-q, --quiet', 'write only what went wrong')
    .option('--debug', 'show each request and the head of its answer; never credentials')
    .addOption(new Option('--color <when>', 'colour').choices(['auto', 'always', 'never']).default('auto'))
    .option('--profile <name>', 'use this profile of the config') as unknown as Command;
}

/** What {@link commonOptions} yields. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color?: 'auto' | 'always' | 'never';
  readonly profile?: string;
}

/** A command that presses keys on phones. */
export function phoneCommand(name: string) {
  return new Command(name)
    .option(
      '-t, --to <target>',
      'phones: names, host, host:port, URL, virtual; comma list, repeatable',
      collect,
    )
    .option('-a, --all', 'every phone of the config')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .option('--curl', 'print the same as curl commands and send nothing')
    .option('--timeout <duration>', 'for one request, such as 5s', parseDuration)
    .option('--delay <duration>', 'send each key as its own request, this far apart', parseDuration)
    .option('--retry <times>', 'try again when nothing was delivered', wholeNumber(0, 100))
    .option('--wait-approval <duration>', 'keep asking while the phone shows its prompt', parseDuration)
    .option('--yes', 'do not ask, even for REBOOT or many phones');
}

/** What the options of {@link phoneCommand} yield. */
export interface PhoneOptions {
  readonly to?: readonly string[];
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly curl?: boolean;
  readonly timeout?: number;
  readonly delay?: number;
  readonly retry?: number;
  readonly waitApproval?: number;
  readonly yes?: boolean;
}
