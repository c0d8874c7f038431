import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { SHELLS } from '../completion/shells.ts';
import type { Context } from '../context.ts';

/** `atcom completion <shell>` */
export function completionCommand(context: Context, program: CommandUnknownOpts) {
  return new Command('completion')
    .summary('print a script for completing commands, options and phones')
    .description(
      'Prints a script that makes a shell complete commands, options and their values: phones, groups, profiles ' +
        'and macros of the config, keys of the model, events, files. Nothing is contacted.',
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .argument('[words...]', 'after --, the words typed so far: prints the completions; used by the script')
    .addHelpText(
      'after',
      `
To load it in every new shell, write it to:
  bash  ~/.local/share/bash-completion/completions/atcom
  zsh   a file _atcom in a folder of $fpath
  fish  ~/.config/fish/completions/atcom.fish

Example:
  $ atcom completion bash`,
    )
    .action(async (shell, words) => {
      const { writeCandidates, writeScript } = await import('../completion/completion.ts');
      // The shell always passes the word at the cursor, so an empty list is never a request for candidates.
      if (words.length === 0) writeScript(context, shell);
      else await writeCandidates(context, program, shell, words);
    });
}
