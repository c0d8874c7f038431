import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { answerCommand } from './commands/answer.ts';
import { conferenceCommand } from './commands/conference.ts';
import { configCommand } from './commands/config.ts';
import { dialCommand } from './commands/dial.ts';
import { dndCommand } from './commands/dnd.ts';
import { helpCommand } from './commands/help.ts';
import { holdCommand } from './commands/hold.ts';
import { keyCommand } from './commands/key.ts';
import { keysCommand } from './commands/keys.ts';
import { modelsCommand } from './commands/models.ts';
import { phonesCommand } from './commands/phones.ts';
import { simCommand } from './commands/sim.ts';
import { simpleVerbCommands } from './commands/simple-verbs.ts';
import { transferCommand } from './commands/transfer.ts';
import { volumeCommand } from './commands/volume.ts';
import type { Context } from './context.ts';
import { commonOptions } from './options.ts';
import { TOPICS } from './topics.ts';
import { VERSION } from './version.ts';

/** The whole command line: a line a command, in the order of its help. */
export function createProgram(context: Context): Command {
  const program = commonOptions(new Command('atcom'))
    .description('Press keys on ATCOM IP phones over HTTP, and know what really happened.')
    .version(VERSION, '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // A mistake in the words is told by main, as text or as JSON.
      outputError: () => undefined,
    })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .addHelpText('after', () => topicList());
  const commands: readonly CommandUnknownOpts[] = [
    dialCommand(context),
    answerCommand(context),
    holdCommand(context),
    transferCommand(context),
    conferenceCommand(context),
    ...simpleVerbCommands(context),
    volumeCommand(context),
    dndCommand(context),
    keyCommand(context),
    simCommand(context),
    phonesCommand(context),
    keysCommand(context),
    modelsCommand(context),
    configCommand(context),
    helpCommand(context, () => program),
  ];
  for (const command of commands) program.addCommand(inheriting(command, program));
  return program;
}

/** Commands that are made apart from their parent take its settings only when told to. */
function inheriting(command: CommandUnknownOpts, parent: CommandUnknownOpts): CommandUnknownOpts {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

function topicList(): string {
  const topics = TOPICS.map(({ name, summary }) => `  atcom help ${name.padEnd(12)} ${summary}`);
  return `\nTopics:\n${topics.join('\n')}\n\nTry it without hardware:\n  $ atcom dial 6040 --to virtual`;
}
