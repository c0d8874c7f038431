import { EVENT_DEFINITIONS } from '../../protocol/events.ts';
import { KEY_DEFINITIONS, keysOf } from '../../protocol/keys.ts';
import { MODEL_NAMES, type Model } from '../../protocol/models.ts';
import { VARIABLE_DEFINITIONS } from '../../protocol/variables.ts';
import type { Known } from './known.ts';

/** A word that can be inserted at the cursor, and its meaning. */
export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** File names, which the shell completes better; limited to these extensions, if any. */
export interface Files {
  readonly files: 'any' | 'folders' | readonly string[];
}

/** What a source of candidates can ask for. */
export interface Asked {
  readonly typed: string;
  readonly known: () => Promise<Known>;
  /** The models of the selected phones. */
  readonly models: () => Promise<readonly Model[]>;
  /** The formats that this `--report` accepts. */
  readonly formats: readonly string[];
  /** The topics of the help. */
  readonly helps: () => readonly Candidate[];
}

export type Answer = readonly Candidate[] | Files;

/** The source of candidates for a placeholder in the help, such as `<event>`, or free text. */
type Source = 'free' | ((asked: Asked) => Answer | Promise<Answer>);

const any: Source = () => ({ files: 'any' });

/** A row for each placeholder in the help. */
export const SOURCES: Readonly<Record<string, Source>> = {
  target: ({ typed, known }) => lastOfList(typed, /^(.*[,!&])?/s, targets(known)),
  event: ({ typed }) => (typed.includes(':') ? eventWithin(typed) : events()),
  events: ({ typed }) => lastOfList(typed, /^(.*,)?/s, events()),
  key: ({ models }) => keys(models),
  keys: ({ models }) => keys(models),
  model: () => models(),
  models: ({ typed }) => lastOfList(typed, /^(.*,)?/s, models()),
  names: ({ typed }) => lastOfList(typed, /^(.*,)?/s, variables()),
  profile: async ({ known }) => (await known()).profiles.map((value) => ({ value })),
  pbx: async ({ known }) => (await known()).pbxes.map((value) => ({ value })),
  variant: async () =>
    (await import('../../simulator/index.ts')).WEB_VARIANT_NAMES.map((value) => ({ value })),
  macro: async ({ known }) => [...(await known()).macros].map(([value, about]) => ({ value, about })),
  duration: ({ typed }) => durations(typed),
  'format:file': ({ typed, formats }) =>
    typed.includes(':') ? { files: 'any' } : formats.map((value) => ({ value })),
  'command|topic': ({ helps }) => helps(),
  file: any,
  'url|file': any,
  files: () => ({ files: ['yaml', 'yml', 'json'] }),
  folder: () => ({ files: 'folders' }),
  account: 'free',
  address: 'free',
  addresses: 'free',
  'cidr|range': 'free',
  host: 'free',
  command: 'free',
  digits: 'free',
  condition: 'free',
  line: 'free',
  link: 'free',
  'listener-url': 'free',
  n: 'free',
  user: 'free',
  number: 'free',
  pattern: 'free',
  port: 'free',
  ports: 'free',
  rate: 'free',
  system: () => [{ value: 'windows' }, { value: 'macos' }],
  tag: 'free',
  times: 'free',
  url: 'free',
  waves: 'free',
  words: 'free',
};

/** Candidates for the last word of a list, including the text before it. */
async function lastOfList(
  typed: string,
  head: RegExp,
  candidates: readonly Candidate[] | Promise<readonly Candidate[]>,
): Promise<readonly Candidate[]> {
  const before = head.exec(typed)?.[0] ?? '';
  const named = new Set(before.split(/[,!&]/));
  return (await candidates)
    .filter(({ value }) => !named.has(value))
    .map(({ value, ...rest }) => ({ value: before + value, ...rest }));
}

async function targets(known: Asked['known']): Promise<readonly Candidate[]> {
  const { phones, groups } = await known();
  const used = new Set([...phones.values()].flatMap(({ model }) => model ?? []));
  return [
    ...[...phones].map(([value, { host, model }]) => ({
      value,
      about: [host, model].filter(Boolean).join(' '),
    })),
    ...[...groups].map(([name, about]) => ({ value: `@${name}`, about })),
    ...[...used].map((model) => ({ value: `@model:${model}`, about: `phones that are an ${model}` })),
    ...(phones.size === 0 ? [] : [{ value: '@all', about: 'every phone of the config' }]),
    { value: 'virtual', about: 'a virtual phone for this one command' },
  ];
}

function events(): readonly Candidate[] {
  return EVENT_DEFINITIONS.map(({ event, when }) => ({ value: event, about: when }));
}

function eventWithin(typed: string): readonly Candidate[] {
  const [event = '', duration = ''] = typed.split(':');
  return durations(duration).map(({ value, ...rest }) => ({ value: `${event}:${value}`, ...rest }));
}

/** The keys that all selected phones have, or the keys of any phone if none is selected. */
async function keys(models: Asked['models']): Promise<readonly Candidate[]> {
  const wanted = await models();
  const [first, ...others] = wanted.length === 0 ? [undefined] : wanted;
  const tokens = keysOf(first).filter((key) => others.every((model) => keysOf(model).includes(key)));
  return tokens.map((value) => {
    const row = KEY_DEFINITIONS.find(({ token, family }) =>
      family === undefined ? token === value : token === value.replace(/(?<!\d)\d+$/, ''),
    );
    return { value, ...(row === undefined ? {} : { about: row.description }) };
  });
}

function models(): readonly Candidate[] {
  return MODEL_NAMES.map((value) => ({ value }));
}

function variables(): readonly Candidate[] {
  return VARIABLE_DEFINITIONS.filter(({ source }) => source !== 'slip').map(({ name, description }) => ({
    value: name,
    about: description,
  }));
}

const UNITS = { ms: 'milliseconds', s: 'seconds', m: 'minutes', h: 'hours' } as const;

/** The units for a number, or a few common durations before there is one. */
function durations(typed: string): readonly Candidate[] {
  const number = /^\d+(\.\d+)?/.exec(typed)?.[0];
  if (number === undefined) return ['500ms', '5s', '30s', '1m'].map((value) => ({ value }));
  return Object.entries(UNITS).map(([unit, about]) => ({ value: number + unit, about }));
}
