import type { VerbForm } from '../../protocol/verbs.ts';
import { phoneCommand } from '../options.ts';
import { verbStep } from '../press/job.ts';
import type { StepCommand, Take } from '../step.ts';

/** Verbs that take nothing but phones: one row each. */
const SIMPLE_VERBS = [
  { verb: 'reject', summary: 'reject the incoming call' },
  { verb: 'hangup', summary: 'end the call' },
  { verb: 'resume', summary: 'take the held call back' },
  { verb: 'redial', summary: 'call the last number again' },
  { verb: 'split', summary: 'split the conference' },
  { verb: 'mute', summary: 'press the mute key' },
  { verb: 'reboot', summary: 'reboot the phone (asks first)' },
] as const satisfies readonly { readonly verb: VerbForm; readonly summary: string }[];

/** Verbs that take a number and nothing else. */
const NUMBER_VERBS = [
  { verb: 'forward', summary: 'forward the incoming call to a number', argument: 'to whom', example: '6044' },
  { verb: 'dtmf', summary: 'press digits in a call', argument: 'digits, * and #', example: "'1234#'" },
] as const satisfies readonly { readonly verb: VerbForm; readonly [text: string]: string }[];

/** `atcom reject`, `atcom hangup`, …, `atcom forward <number>`, `atcom dtmf <digits>`, by name. */
export const SIMPLE_VERB_COMMANDS = Object.fromEntries([
  ...SIMPLE_VERBS.map(({ verb, summary }) => [
    verb,
    (take: Take) =>
      phoneCommand(verb)
        .summary(summary)
        .addHelpText('after', `\nExample:\n  $ atcom ${verb} --to reception`)
        .action((options) => take(verbStep(verb, { form: verb }, options))),
  ]),
  ...NUMBER_VERBS.map(({ verb, summary, argument, example }) => [
    verb,
    (take: Take) =>
      phoneCommand(verb)
        .summary(summary)
        .argument('<number>', argument)
        .addHelpText('after', `\nExample:\n  $ atcom ${verb} ${example}`)
        .action((number, options) => take(verbStep(verb, { form: verb, number }, options))),
  ]),
]) as Readonly<Record<string, StepCommand>>;
