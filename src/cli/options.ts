import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseTimeout } from '../config/index.ts';
import { parseRate, parseWaveSize } from '../fleet/pace.ts';
import { MOST_JOBS, type WaveSize } from '../fleet/run-fleet.ts';
import { parseDuration } from '../protocol/duration.ts';
import { type EventName, parseEvent } from '../protocol/events.ts';
import { PRESS_FORMATS, type ReportTarget, reportParser } from './reports/index.ts';

/** A count within limits, for an option or an argument. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least && number <= most)) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

/** Parses `1,10%,100%`. */
function parseWaves(text: string): readonly WaveSize[] {
  const waves = text.split(',').map(parseWaveSize);
  const empty = waves.some((size) => ('phones' in size ? size.phones : size.percent) === 0);
  if (empty) throw new InvalidArgumentError('A wave has at least one phone.');
  return waves;
}

/** Collects the values of a repeatable option without a default, in one list: a copy for each takes the square. */
export function collect(word: string, words: string[] = []): string[] {
  words.push(word);
  return words;
}

/** Options of every command, accepted before or after its name. */
export function commonOptions(command: Command): Command {
  return command
    .option('--json', 'write one JSON document instead of text')
    .option('-q, --quiet', 'print only what went wrong')
    .option('--debug', 'show each request and the head of its response; never credentials')
    .addOption(
      new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto'),
    )
    .option('--config <file>', 'use this config file instead of searching for a project file')
    .option('--profile <profile>', 'use this profile of the config') as unknown as Command;
}

/** The values of {@link commonOptions}. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
  readonly color?: 'auto' | 'always' | 'never';
  readonly config?: string;
  readonly profile?: string;
}

/** An event to wait for, with its timeout in milliseconds. */
export interface Wait {
  readonly event: EventName;
  readonly within?: number;
}

/** Parses `established` or `established:15s`. */
export function parseWait(text: string): Wait {
  const [name = '', duration] = text.split(':');
  const event = parseEvent(name);
  return duration === undefined ? { event } : { event, within: parseDuration(duration) };
}

/** A command for phones. If it takes no other arguments, `[target...]` is the same as `--to`. */
export function targetCommand(name: string) {
  return new Command(name)
    .option(
      '-t, --to <target>',
      'phones: names, host, host:port, URL, virtual; comma list, repeatable',
      collect,
    )
    .option('-x, --exclude <target>', 'leave out these phones; repeatable', collect)
    .option('--targets-file <file>', 'read targets from a file, one per line, # comments')
    .option('-a, --all', 'every phone in the config');
}

/** The values of {@link targetCommand}. */
export interface TargetOptions {
  readonly to?: readonly string[];
  readonly exclude?: readonly string[];
  readonly targetsFile?: string;
  readonly all?: boolean;
}

/** Positional targets, combined with those of `--to`. */
export function withTargets<Options extends TargetOptions>(
  targets: readonly string[],
  options: Options,
): Options {
  return targets.length === 0 ? options : { ...options, to: [...targets, ...(options.to ?? [])] };
}

/** What the options of {@link fleetCommand} mean for a command. */
interface FleetWords {
  readonly dryRun: string;
  readonly retry: string;
  readonly serial: string;
  readonly yes: string;
}

/** A command that does something to many phones: how many at once, when to stop, and what is written of it. */
export function fleetCommand(name: string, { dryRun, retry, serial, yes }: FleetWords) {
  return targetCommand(name)
    .option('-n, --dry-run', dryRun)
    .option('--timeout <duration>', 'time limit of one request, such as 5s', parseTimeout)
    .option('--retry <times>', retry, wholeNumber(0, 100))
    .option('-j, --jobs <n>', 'phones served at the same time (default: 128)', wholeNumber(1, MOST_JOBS))
    .option('--rate <rate>', 'start at most this many phones, such as 20/s', parseRate)
    .option('--stagger <duration>', 'pause between phones', parseDuration)
    .option('--serial <waves>', serial, parseWaves)
    .option('--max-fail <n>', 'stop if more phones of a wave fail: 3 or 5%', parseWaveSize)
    .option('--fail-fast', 'start nothing new after the first failure')
    .option('--ndjson', 'write a line of JSON as each phone finishes')
    .option(
      '--report <format:file>',
      `also write ${PRESS_FORMATS.map((format) => `${format}:FILE`).join(' or ')}; repeatable`,
      reportParser(PRESS_FORMATS),
    )
    .option('--yes', yes);
}

/** A command that presses keys on phones. */
export function phoneCommand(name: string) {
  return fleetCommand(name, {
    dryRun: 'print the exact URLs and send nothing',
    retry: 'try again when nothing was delivered',
    serial: 'press in waves, such as 1,10%,100%',
    yes: 'do not ask, even for REBOOT or many phones',
  })
    .option('--curl', 'print the requests as curl commands and send nothing')
    .option('--delay <duration>', 'send each key as its own request, this far apart', parseDuration)
    .option('--journal <file>', 'record intents and outcomes, to continue after a crash')
    .option('--resume <file>', 'continue the run in this journal')
    .option('--retry-failed <file>', 'try phones again where, by this journal, nothing was done')
    .option('--wait-approval <duration>', 'keep asking while the phone shows its prompt', parseDuration)
    .option(
      '--wait <event>',
      'wait for an event from the phone, such as established or established:15s',
      parseWait,
    )
    .option('--confirm', 'wait for the event that proves the command, such as outgoingCall after dial')
    .option('--or-already', 'with --confirm: accept a state that already held, such as DND')
    .option('--check-mac', "press nothing if a phone's MAC is known to differ from its mac: in the config");
}

/** The values of {@link phoneCommand}. */
export interface PhoneOptions extends TargetOptions {
  readonly dryRun?: boolean;
  readonly curl?: boolean;
  readonly timeout?: number;
  readonly delay?: number;
  readonly retry?: number;
  readonly jobs?: number;
  /** The interval between two phones, in milliseconds. */
  readonly rate?: number;
  readonly stagger?: number;
  readonly serial?: readonly WaveSize[];
  readonly maxFail?: WaveSize;
  readonly failFast?: boolean;
  readonly journal?: string;
  readonly resume?: string;
  readonly retryFailed?: string;
  readonly ndjson?: boolean;
  readonly report?: readonly ReportTarget[];
  readonly waitApproval?: number;
  readonly wait?: Wait;
  readonly confirm?: boolean;
  readonly orAlready?: boolean;
  readonly checkMac?: boolean;
  readonly yes?: boolean;
}
