import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { AtcomError } from '../../errors.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { closest } from '../../protocol/suggest.ts';
import type { Context } from '../context.ts';
import { TOPICS } from '../help/topics.ts';

/** `atcom help [command|topic]` */
export function helpCommand(context: Context, program: Command) {
  return new Command('help')
    .summary('help on a command or a topic')
    .argument('[command|topic...]', `a command, or ${TOPICS.map(({ name }) => name).join(', ')}`)
    .action((words) => {
      const { output } = context;
      const name = words.join(' ');
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
