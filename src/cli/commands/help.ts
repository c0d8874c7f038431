import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { closest } from '../../protocol/suggest.ts';
import type { Context } from '../context.ts';
import { TOPICS } from '../help/topics.ts';

/** `atcom help [command|topic]` */
export function helpCommand(context: Context, program: Command) {
  return new Command('help')
    .summary('show help on a command or a topic')
    .argument('[command|topic...]', `a command, or ${TOPICS.map(({ name }) => name).join(', ')}`)
    .option('--man', 'write it as a manual page, for man -l -')
    .option('--man-to <folder>', 'write all manual pages below this folder')
    .option('--notices', 'print the licences of the bundled packages')
    .action(async (words, { man, manTo, notices }) => {
      const { output } = context;
      const name = words.join(' ');
      if (notices === true) {
        const { NOTICES } = await import('../help/notices.ts');
        output.result({ ...documentHead('help'), text: NOTICES }, () => NOTICES.trimEnd());
        return;
      }
      if (man === true || manTo !== undefined) {
        await writeManual(context, program, name, manTo);
        return;
      }
      const topic = TOPICS.find((candidate) => candidate.name === name);
      const command = words.reduce(
        (found: CommandUnknownOpts | undefined, word) =>
          found?.commands.find((child) => child.name() === word),
        program,
      );
      if (topic === undefined && command === undefined) {
        const names = [...TOPICS.map((row) => row.name), ...program.commands.map((row) => row.name())];
        const [suggestion] = closest(name, names);
        throw new AtcomError('usage', {
          reason: `there is no help on ${JSON.stringify(name)}`,
          hint:
            suggestion === undefined ? 'atcom help lists commands and topics' : `did you mean ${suggestion}?`,
        });
      }
      if (topic === undefined) {
        command?.outputHelp();
        return;
      }
      const text = topic.text();
      output.result({ ...documentHead('help'), text }, () => text);
    });
}

async function writeManual(context: Context, program: Command, name: string, folder?: string): Promise<void> {
  const { manPage, writeManPages } = await import('../man/write.ts');
  if (folder === undefined) {
    const text = await manPage(program, name);
    context.output.result({ ...documentHead('help'), text }, () => text.trimEnd());
    return;
  }
  const { pathIn } = await import('../../files/links.ts');
  const files = await writeManPages(context, program, pathIn(context.cwd, folder));
  context.output.result({ ...documentHead('help'), files }, () => files.map(visible).join('\n'));
}
