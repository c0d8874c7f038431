import { nameOf, type PhoneSettings } from '../../protocol/settings.ts';
import { quoteShellWord } from '../../shell.ts';
import type { Context } from '../context.ts';
import { configSaid, wordsOf } from '../words.ts';

/** A phone on a command line that somebody is told to run, with the options of this one that choose its config. */
export function targetText({ said }: Context, settings: PhoneSettings): string {
  return [nameOf(settings), ...wordsOf(configSaid(said()))].map(quoteShellWord).join(' ');
}
