import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { actionUrlCommand } from './commands/action-url.ts';
import { allowCommand } from './commands/allow.ts';
import { completionCommand } from './commands/completion.ts';
import { configCommand } from './commands/config.ts';
import { discoverCommand } from './commands/discover.ts';
import { doctorCommand } from './commands/doctor.ts';
import { eventsCommand } from './commands/events.ts';
import { handlerCommand } from './commands/handler.ts';
import { helpCommand } from './commands/help.ts';
import { keysCommand } from './commands/keys.ts';
import { listenCommand } from './commands/listen.ts';
import { modelsCommand } from './commands/models.ts';
import { phonesCommand } from './commands/phones.ts';
import { runCommand } from './commands/run.ts';
import { setupCommand } from './commands/setup.ts';
import { simCommand } from './commands/sim.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import type { Context } from './context.ts';
import { givenOnce } from './given-once.ts';
import { TOPICS } from './help/topics.ts';
import { commonOptions } from './options.ts';
import type { StepCommand } from './step.ts';
import { PRESS_COMMANDS, runStep, WAIT_COMMANDS } from './steps.ts';
import { VERSION } from './version.ts';

/** Creates a command for a context. */
export type Build = (context: Context, program: Command) => CommandUnknownOpts;

/** One line per command, in the order of the help. */
export const COMMANDS: Readonly<Record<string, Build>> = {
  ...doing(PRESS_COMMANDS),
  run: runCommand,
  test: testCommand,
  allow: allowCommand,
  doctor: doctorCommand,
  setup: setupCommand,
  listen: listenCommand,
  ...doing(WAIT_COMMANDS),
  status: statusCommand,
  sim: simCommand,
  phones: phonesCommand,
  discover: discoverCommand,
  keys: keysCommand,
  events: eventsCommand,
  'action-url': (context) => actionUrlCommand(context),
  models: modelsCommand,
  config: configCommand,
  completion: completionCommand,
  handler: handlerCommand,
  uninstall: uninstallCommand,
  help: helpCommand,
};

/** Step commands that run as soon as they are parsed. */
function doing(commands: Readonly<Record<string, StepCommand>>): Readonly<Record<string, Build>> {
  const entries = Object.entries(commands).map(([name, make]): [string, Build] => [
    name,
    (context) => make((step) => runStep(context, step)),
  ]);
  return Object.fromEntries(entries);
}

/**
 * The command line, with only the commands that the given words can refer to.
 *
 * @param commands - all commands
 */
export function createProgram(context: Context, commands = COMMANDS): Command {
  const program = commonOptions(new Command('atcom'))
    .description('Press keys on ATCOM IP phones over HTTP, and find out what really happened.')
    .version(VERSION, '-V, --version')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // main reports usage errors, as text or as JSON.
      outputError: () => undefined,
    })
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .addHelpText('after', () => topicList());
  givenOnce(program);
  for (const name of neededCommands(context.words, commands)) {
    const build = commands[name];
    if (build !== undefined) program.addCommand(inheriting(build(context, program), program));
  }
  return program;
}

/**
 * Creating every command takes longer than running most of them, so only those that the words can refer to are created.
 * Help needs all of them, and so does completion until one is named.
 */
function neededCommands(words: readonly string[], commands: typeof COMMANDS): readonly string[] {
  const names = Object.keys(commands);
  const named = names.filter((name) => words.includes(name));
  return words.includes('help') || named.every((name) => name === 'completion') ? names : named;
}

/** Commands that are created separately inherit their parent's settings only on request. */
function inheriting(command: CommandUnknownOpts, parent: CommandUnknownOpts): CommandUnknownOpts {
  command.copyInheritedSettings(parent);
  givenOnce(command);
  for (const child of command.commands) inheriting(child, command);
  return command;
}

function topicList(): string {
  const topics = TOPICS.map(({ name, summary }) => `  atcom help ${name.padEnd(12)} ${summary}`);
  return `\nTopics:\n${topics.join('\n')}\n\nTry it without hardware:\n  $ atcom dial 6040 --to virtual`;
}
