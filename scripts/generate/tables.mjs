// Tables in the pages, from the tables in the sources.
import { EVENT_DEFINITIONS } from '../../dist/protocol/events.js';
import { KEY_DEFINITIONS, rangeText } from '../../dist/protocol/keys.js';
import { MEANINGS } from '../../dist/protocol/meaning.js';
import { MODEL_NAMES } from '../../dist/protocol/models.js';
import { OTHER_EXIT_CODES, OUTCOMES } from '../../dist/protocol/outcomes.js';

export function exitCodes() {
  const outcomes = Object.entries(OUTCOMES).map(([name, row]) => [`\`${name}\``, row.fact, row.exitCode]);
  const others = OTHER_EXIT_CODES.map((row) => ['', row.fact, row.exitCode]);
  return table(['outcome', 'known fact', 'exit code'], [...outcomes, ...others]);
}

export function models() {
  const families = KEY_DEFINITIONS.filter(({ family }) => family !== undefined);
  const rows = MODEL_NAMES.map((model) => [
    model,
    ...families.map((key) => rangeText(key, model).replace(/^no .*/, 'none')),
  ]);
  return table(['model', ...families.map(({ description }) => description.replace(/^Press an? /, ''))], rows);
}

export function keys() {
  const everywhere = KEY_DEFINITIONS.map((key) => {
    const { alsoSent, aliases = [] } = key;
    const others = [...(alsoSent === undefined ? [] : [alsoSent]), ...aliases];
    return [`\`${rangeText(key)}\``, others.map((name) => `\`${name}\``).join(' '), key.description];
  });
  const digits = ['`0`–`9` `*`', '', 'Press the keypad; a number such as `6040` is one token'];
  return table(['key', 'other spellings', 'what it does'], [digits, ...everywhere]);
}

export function meanings() {
  const rows = EVENT_DEFINITIONS.map(({ event, when, means }) => [
    `\`${event}\``,
    when,
    MEANINGS[means].words,
  ]);
  return table(['event', 'the phone …', 'so'], rows);
}

/** Aligned as the formatter does it. */
function table(head, rows) {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => String(row[column]).length)),
  );
  const line = (cells, filler) =>
    `| ${cells.map((cell, column) => String(cell).padEnd(widths[column], filler)).join(' | ')} |`;
  const separator = line(
    head.map(() => ''),
    '-',
  );
  return [line(head), separator, ...rows.map((row) => line(row))].join('\n');
}
