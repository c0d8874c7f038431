import type { ErrorCode, ErrorRows } from './details.ts';
import { quote, withoutPassword } from './passwords.ts';

/** `did you mean …?`, or the possible values. */
function suggestion(suggestions: readonly string[], otherwise: string): string {
  return suggestions.length > 0 ? `did you mean ${suggestions.join(' or ')}?` : otherwise;
}

function nameList(names: readonly string[], none: string): string {
  if (names.length === 0) return none;
  return `there ${names.length === 1 ? 'is' : 'are'} ${firstOf(names)}`;
}

function firstOf(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} … (${names.length}; see atcom phones)` : shown;
}

/** Errors found before anything is sent: in arguments, files and targets. */
export const INPUT_ROWS = {
  usage: { exitCode: 2, message: ({ reason }) => reason, hint: ({ hint }) => hint },
  'unknown-key': {
    exitCode: 2,
    message: ({ input }) => `there is no key ${quote(input)}`,
    hint: ({ suggestions }) =>
      suggestion(suggestions, 'atcom keys lists them; --raw sends a token that is not listed'),
  },
  'key-not-on-model': {
    exitCode: 2,
    message: ({ key, model, has }) =>
      model === undefined
        ? `no phone has a key ${quote(key)}; there is ${has}`
        : `${model} has no key ${quote(key)}; it has ${has}`,
    hint: ({ model }) => `atcom keys${model === undefined ? '' : ` --model ${model}`}`,
  },
  'unknown-model': {
    exitCode: 2,
    message: ({ input }) => `there is no model ${quote(input)}`,
    hint: ({ suggestions, has }) => suggestion(suggestions, `use one of ${has.join(', ')}`),
  },
  'unknown-event': {
    exitCode: 2,
    message: ({ input }) => `there is no event ${quote(input)}`,
    hint: ({ suggestions }) => suggestion(suggestions, 'atcom events lists them'),
  },
  'invalid-number': {
    exitCode: 2,
    message: ({ input, reason }) => `${quote(input)} cannot be dialled: ${reason}`,
    hint: ({ hint }) => hint,
  },
  'invalid-duration': {
    exitCode: 2,
    message: ({ input }) => `${quote(input)} is not a duration`,
    hint: () => 'write it with a unit, at most a day: 500ms, 5s, 2m',
  },
  'invalid-sequence': {
    exitCode: 2,
    message: ({ reason }) => `the sequence cannot be sent: ${reason}`,
    hint: ({ hint }) => hint,
  },
  'invalid-address': {
    exitCode: 2,
    message: ({ input }) => `${quote(input)} is not the address of a phone`,
    hint: () =>
      'write host, host:port or http(s)://host:port; path, user and password are settings of the phone (atcom help targets)',
  },
  'unknown-phone': {
    exitCode: 2,
    message: ({ input }) => `no phone is called ${quote(input)}`,
    hint: ({ suggestions, names, absence }) =>
      suggestion(
        suggestions,
        `${nameList(names, absence ?? 'the config has no phones')}; write a host name without a dot as http://…`,
      ),
  },
  'unknown-group': {
    exitCode: 2,
    message: ({ input }) => `there is no group ${quote(`@${input}`)}`,
    hint: ({ suggestions, names, absence }) =>
      suggestion(
        suggestions.map((name) => `@${name}`),
        nameList(
          names.map((name) => `@${name}`),
          absence ?? 'the config has no groups',
        ),
      ),
  },
  'unknown-profile': {
    exitCode: 2,
    message: ({ input }) => `there is no profile ${quote(input)}`,
    hint: ({ suggestions, names }) => suggestion(suggestions, nameList(names, 'the config has no profiles')),
  },
  'no-target': {
    exitCode: 2,
    message: ({ empty }) =>
      empty === undefined ? 'no phone is selected' : `${empty} has no target, so no phone is selected`,
    hint: ({ names, absence, empty }) => {
      if (empty !== undefined) return 'write targets in it, one per line: names, groups, addresses';
      return names.length === 0
        ? `select one: --to 172.16.0.57, or try --to virtual; ${absence === undefined ? 'a config file can set a default (atcom help targets)' : `${absence}; --config names one`}`
        : `select one with --to: ${firstOf(names)}`;
    },
  },
  'nothing-matched': {
    exitCode: 2,
    message: ({ expression }) => `${quote(expression)} selects no phone`,
    hint: ({ names, absence, before = 0 }) =>
      before > 0
        ? `narrow --exclude, which leaves none of ${count(before, 'phone')}; an address without a port excludes every phone at that host`
        : nameList(names, absence ?? 'the config has no phones'),
  },
  'not-confirmed': {
    exitCode: 2,
    message: ({ what, undone = 'sent' }) => `${what}; nothing was ${undone}`,
    hint: () => 'add --yes if you mean it',
  },
  'invalid-config': {
    exitCode: 2,
    message: ({ file, problems }) => problemText(file, problems),
    hint: () => 'atcom config schema shows what is allowed; atcom config validate checks again',
  },
  'invalid-scenario': {
    exitCode: 2,
    message: ({ file, problems }) => problemText(file, problems),
    hint: () => 'atcom test --check checks again without a phone; atcom help scenarios shows what is allowed',
  },
  'untrusted-config': {
    exitCode: 2,
    message: ({ file, reason }) => `${file} is not trusted: ${reason}`,
    hint: ({ trust }) =>
      trust === undefined
        ? 'check what is in it, then name it by its full path with --config or ATCOM_CONFIG; or keep your own config out of the checkout: set XDG_CONFIG_HOME to another folder'
        : `check what is in it, then run: ${trust}`,
  },
  'wrong-phone': {
    exitCode: 2,
    message: ({ phones }) =>
      [
        `${count(phones.length, 'phone')} did not pass --check-mac; nothing was sent`,
        ...phones.map(
          ({ phone, host, mac, found }) => `${phone} (${host}) is ${mac} in the config, but ${found}`,
        ),
      ].join('\n'),
    hint: ({ phones }) =>
      phones.some(({ unsure }) => unsure)
        ? 'find out which report is wrong; if a phone was replaced or moved, restart the listener, which then forgets the earlier reports'
        : 'correct host: or mac: in the config; atcom discover finds where a phone is now, atcom doctor looks at one',
  },
  'unreadable-file': {
    exitCode: ({ begun = false }) => (begun ? 1 : 2),
    message: ({ file, reason, begun = false }) =>
      `${file} cannot be read: ${reason}${begun ? '; the lines before it were run' : ''}`,
    hint: ({ hint = 'check the path and its permissions' }) => hint,
  },
  'unwritable-file': {
    exitCode: 2,
    message: ({ file, reason }) => `${file} cannot be written: ${reason}`,
    hint: ({ hint = 'check its folder and its permissions' }) => hint,
  },
  'no-folder': {
    exitCode: 2,
    message: () => 'the current folder was deleted',
    hint: () => 'cd to a folder that exists',
  },
  batch: {
    exitCode: ({ begun = false }) => (begun ? 1 : 2),
    message: ({ file, line, text, reason, others = [], begun = false }) =>
      [
        `${file}:${line}: ${reason}${begun ? '; the lines before it were run' : ''}\n  ${text}`,
        ...others,
      ].join('\n'),
    hint: ({ hint }) => hint,
  },
  journal: {
    exitCode: ({ begun = false }) => (begun ? 1 : 2),
    message: ({ file, reason, begun = false }) =>
      begun
        ? `the journal ${file} can no longer be written: ${reason}; no phone was pressed after that`
        : `the journal ${file} cannot be used: ${reason}; nothing was sent`,
    hint: ({ hint }) => hint,
  },
  'port-unavailable': {
    exitCode: 2,
    message: ({ address, reason }) => `cannot listen on ${withoutPassword(address)}: ${reason}`,
    hint: ({ hint = 'choose another port, or 0 for any free one: --port 0' }) => hint,
  },
} satisfies Partial<ErrorRows<ErrorCode>>;

/** One of these files, or several joined by `and`. */
function problemText(file: string, problems: readonly string[]): string {
  const have = file.includes(' and ') ? 'have' : 'has';
  return `${file} ${have} ${count(problems.length, 'problem')}\n${problems.join('\n')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
