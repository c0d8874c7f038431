import * as v from 'valibot';
import { parseDuration } from '../../protocol/duration.ts';
import { EVENT_DEFINITIONS, parseEvent } from '../../protocol/events.ts';
import { parseModel } from '../../protocol/models.ts';
import { LONGEST_PATTERN, misspeltValue } from '../../receiver/index.ts';
import { mapping, oneOf, optional, parsedBy, text } from '../../yaml/rules.ts';
import { MOST_TONES } from '../scenario.ts';

/** More in one step are a mistake: there are 42 kinds. */
const MOST_EVENTS = 100;

/** The unit is required, because `3` could mean anything. */
const duration = v.pipe(
  v.string(
    ({ input }) =>
      `must be a duration with a unit, such as ${typeof input === 'number' ? `${input}s` : '3s'}`,
  ),
  parsedBy(parseDuration),
);

const eventName = v.pipe(
  text('an event such as incomingCall'),
  parsedBy(parseEvent),
  // For editors; all other spellings of the document are accepted, too.
  v.metadata({ enum: EVENT_DEFINITIONS.map(({ event }) => event) }),
);

/** Patterns for the values of an event. A misspelled name would never match. */
const where = v.record(
  v.pipe(
    v.string(),
    v.rawCheck(({ dataset, addIssue }) => {
      const meant = dataset.typed ? misspeltValue(dataset.value) : undefined;
      if (meant !== undefined)
        addIssue({ message: `no event has a value called that; did you mean ${meant}?` });
    }),
  ),
  v.pipe(
    text('a pattern such as "*$a*"'),
    v.maxLength(LONGEST_PATTERN, `must have at most ${LONGEST_PATTERN} characters`),
  ),
  'must be patterns by name, such as { remote: "*$a*" }',
);

const within = optional('How long to wait, such as 3s', duration);
const condition = optional('Patterns for values of the event, such as { remote: "*$a*" }', where);

const NO_SOUND = 'must be the name of a phone, a frequency such as 1004Hz, or silence';
const sound = v.pipe(v.string(NO_SOUND), v.nonEmpty(NO_SOUND));

const pattern = v.union(
  [eventName, mapping({ expect: eventName, where: condition })],
  'must be an event, or { expect: incomingCall, where: { remote: "*$a*" } }',
);
/** A list of events, which must not be empty. */
function listOf<const S extends v.GenericSchema>(item: S) {
  return v.pipe(
    v.array(item, 'must be a list of events'),
    v.nonEmpty('must name at least one event'),
    v.maxLength(MOST_EVENTS, `must name at most ${MOST_EVENTS} events`),
  );
}
const patterns = listOf(pattern);

/** What a step on one phone can be besides a command, by keyword. */
export const WAITS = {
  expect: mapping({
    expect: v.pipe(eventName, v.description('The event to wait for; one that came before the step counts')),
    where: condition,
    within,
  }),
  never: mapping({
    never: v.pipe(
      v.union([eventName, listOf(eventName)], 'must be an event, or a list of them'),
      v.description('The events that must not come'),
    ),
    where: condition,
    during: optional('How long to watch, such as 1s', duration),
  }),
  any: mapping({ any: v.pipe(patterns, v.description('Events, one of which is enough')), within }),
  all: mapping({ all: v.pipe(patterns, v.description('Events that must all come, in any order')), within }),
  hears: mapping({
    hears: v.pipe(
      v.union(
        [
          sound,
          v.pipe(
            v.array(sound),
            v.nonEmpty('must name at least one'),
            v.maxLength(
              MOST_TONES,
              `must name at most ${MOST_TONES}: more tones at once cannot be told apart`,
            ),
          ),
        ],
        NO_SOUND,
      ),
      v.description('Whom it hears, and no one else: a, [a, c], 1004Hz or silence; for 300 ms'),
    ),
    within,
  }),
  heard: mapping({
    heard: mapping({
      dtmf: v.pipe(
        text('digits such as "12#"'),
        v.regex(/^[0-9*#A-D]+$/, 'must be digits such as "12#"'),
        v.description('Digits that the other side sends, such as "12#"'),
      ),
    }),
    within,
  }),
  says: mapping({
    says: v.pipe(
      text('the path of a WAV file'),
      v.nonEmpty('must not be empty'),
      v.description('A WAV file, 8000 Hz and mono, that the phone says in its call'),
    ),
  }),
} as const;

export type WaitWord = keyof typeof WAITS;

/** A wait as a file writes it. */
export type Written<W extends WaitWord> = v.InferOutput<(typeof WAITS)[W]>;

const model = v.pipe(text('a model such as A48'), parsedBy(parseModel));
const extension = optional(
  'Its own number, for $name; over the one in the config',
  v.pipe(
    text('digits such as "6040"'),
    v.regex(/^[0-9*]{1,64}$/, 'must be at most 64 digits such as "6040"'),
  ),
);

const phone = v.union(
  [
    v.pipe(text('the name of a phone'), v.nonEmpty('must not be empty')),
    v.pipe(
      mapping({
        phone: optional(
          'A phone of the config, or an address',
          v.pipe(text('the name of a phone'), v.nonEmpty('must not be empty')),
        ),
        virtual: optional('A virtual phone of this model', model),
        sip: optional(
          'A virtual phone on this account of the config, at a PBX',
          v.pipe(text('the name of an account'), v.nonEmpty('must not be empty')),
        ),
        extension,
      }),
      v.check(
        ({ phone, virtual, sip }) => (phone === undefined) !== (virtual === undefined && sip === undefined),
        'must have phone: reception, or virtual: A48, or sip: lab-6003',
      ),
      v.check(
        ({ virtual, sip, extension }) =>
          virtual === undefined || sip !== undefined || extension === undefined,
        'has an extension already: virtual phones are 6001, 6002 and so on',
      ),
    ),
  ],
  'must be { phone: reception }, { virtual: A48 } or { sip: lab-6003 }',
);

const number = (most: number) =>
  v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(most, `must be at most ${most}`),
  );

const scalar = v.union([v.string(), v.number(), v.boolean()], 'must be text, a number, or true or false');
const steps = v.array(v.unknown(), 'must be a list of steps');

/** The names of phones and variables; `$b` ends where the name ends. */
const NAME = /^[A-Za-z_]\w*$/;

/** Words that begin a step of their own. */
export const STEP_WORDS = ['parallel', 'any', 'pause'] as const;

function name(what: string) {
  return v.pipe(
    v.string(),
    v.regex(NAME, `the name of a ${what} is made of letters, digits and "_"`),
    v.check(
      (word) => !(STEP_WORDS as readonly string[]).includes(word),
      `has a meaning of its own in a step; choose another name for the ${what}`,
    ),
  );
}

/** As many as one simulator has. */
const MOST_PHONES = 1000;

/** More are a mistake, and each is copied into every combination. */
const MOST_VARIABLES = 100;

/** The schema of a scenario file, except its steps, which are read one by one. */
export const FILE = mapping({
  name: v.pipe(
    text('the name of the scenario'),
    v.nonEmpty('must not be empty'),
    v.description('What reports call it'),
  ),
  tags: optional(
    'For --tag',
    v.array(v.pipe(text('a word'), v.regex(/^[\w.-]+$/, 'must be a word')), 'must be a list of words'),
  ),
  timeout: optional('For setup and steps; 60s by default', duration),
  cleanupTimeout: optional('For cleanup, which has time of its own; 10s by default', duration),
  defaults: optional(
    'For steps that say nothing else',
    mapping({
      within: optional('How long expectations wait; 5s by default', duration),
      during: optional('How long never watches; 1s by default', duration),
    }),
  ),
  phones: v.pipe(
    v.record(name('phone'), phone, 'must be phones by name'),
    v.check((phones) => Object.keys(phones).length > 0, 'must name at least one phone'),
    v.check(
      (phones) => Object.keys(phones).length <= MOST_PHONES,
      `are more than ${MOST_PHONES}; divide the scenario`,
    ),
    v.description('The phones by the name that steps call them'),
  ),
  needs: optional(
    'What every phone must have; where one has not, the scenario is skipped',
    mapping({
      line: optional('Line keys', number(99)),
      softkey: optional('Soft keys', number(99)),
      memory: optional('Memory keys', number(99)),
    }),
  ),
  with: optional(
    'Values by name, for $name: the scenario runs once for every combination',
    v.pipe(
      v.record(
        name('variable'),
        v.pipe(v.array(scalar, 'must be a list of values'), v.nonEmpty('must have at least one value')),
        'must be lists of values by name',
      ),
      v.check(
        (variables) => Object.keys(variables).length <= MOST_VARIABLES,
        `has more than ${MOST_VARIABLES} names; divide the scenario`,
      ),
    ),
  ),
  simulator: optional(
    'How the virtual phones are',
    mapping({
      ring: optional('How long an unanswered call rings; 60s by default', duration),
      latency: optional('How long a phone takes to answer a request', duration),
      pbx: optional(
        'What is between those without an account, as far as they can tell; over the one of the config',
        oneOf(['proxy', 'b2bua']),
      ),
    }),
  ),
  setup: optional('Steps before, such as [a, b]: idle', steps),
  steps: v.pipe(steps, v.nonEmpty('must have at least one step'), v.description('What happens, in order')),
  cleanup: optional('Steps afterwards, whatever happened', steps),
});

/** A scenario as a file writes it. */
export type WrittenScenario = v.InferOutput<typeof FILE>;
