import type { EventEmitter } from 'node:events';
import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { ENVIRONMENT, exitCodeRows, TOPICS, type Topic } from '../help/topics.ts';
import { RELEASED, VERSION } from '../version.ts';
import { optionsOf } from '../words.ts';
import { configPage } from './config-page.ts';
import { fromHelp, heading, paragraph, plain, subheading, tagged, title } from './roff.ts';

/** A page of the manual. */
export interface ManPage {
  readonly name: string;
  readonly section: 1 | 5 | 7;
  readonly text: string;
}

/** Every page, from the program's own help: one for `atcom`, for each command and topic, and for the config. */
export async function manPages(program: CommandUnknownOpts): Promise<readonly ManPage[]> {
  const commands = program.commands.filter((command) => command.name() !== 'help');
  const topics = TOPICS.map(topicPage);
  const config = page('atcom.config', 5, 'the config of atcom', await configPage());
  return [programPage(program, [...topics, config]), ...commands.map(commandPage), ...topics, config];
}

/** Adds the header and the "see also" section to a page. */
function page(name: string, section: 1 | 5 | 7, about: string, body: readonly string[]): ManPage {
  const others = name === 'atcom' ? [] : ['.BR atcom (1)'];
  const text = [
    title(name, section, RELEASED, `atcom ${VERSION}`),
    heading('name', `${plain(name)} \\- ${plain(about)}`),
    ...body,
    others.length === 0 ? '' : heading('see also', others.join(',\n')),
  ];
  return { name, section, text: `${text.filter((part) => part !== '').join('\n')}\n` };
}

function programPage(program: CommandUnknownOpts, others: readonly ManPage[]): ManPage {
  const commands = program.commands.filter((command) => command.name() !== 'help');
  const rows = commands.map((command) => tagged(`atcom-${command.name()}(1)`, command.summary()));
  const topics = others.map(({ name, section }) => `.BR ${name} (${section})`);
  return page('atcom', 1, 'press keys on ATCOM IP phones, and find out what happened', [
    heading('synopsis', '.B atcom\n.I command\n.RI [ options ]'),
    heading('description', plain(program.description())),
    heading('commands', rows.join('\n')),
    heading('options', optionRows(program.options)),
    heading('environment', ENVIRONMENT.map(([name, about]) => tagged(name, about)).join('\n')),
    heading('exit status', exitRows()),
    heading('see also', topics.join(',\n')),
  ]);
}

function exitRows(): string {
  return exitCodeRows()
    .map(([code, outcome, fact]) => tagged(code, outcome === '' ? fact : `${outcome}: ${fact}`))
    .join('\n');
}

function commandPage(command: CommandUnknownOpts): ManPage {
  const { commands } = command;
  const all = [...optionsOf(command)].filter((option) => option.long !== '--version');
  return page(`atcom-${command.name()}`, 1, command.summary(), [
    heading('synopsis', synopsis(command)),
    heading('description', fromHelp(command.description() || sentence(command.summary()))),
    commands.length === 0 ? heading('arguments', argumentRows(command)) : '',
    ...(commands.length === 0 ? [] : [heading('commands', commands.map(childSection).join('\n'))]),
    heading('options', optionRows(all)),
    examples(command),
    heading('exit status', paragraph('See atcom(1).')),
  ]);
}

function childSection(command: CommandUnknownOpts): string {
  const parts = [
    paragraph(command.description() || sentence(command.summary())),
    argumentRows(command),
    optionRows(command.options),
    fromHelp(afterHelp(command)),
  ];
  const name = `atcom ${command.parent?.name() ?? ''} ${command.name()} ${usageOf(command)}`;
  return subheading(name.trim(), parts.filter((part) => part !== '').join('\n'));
}

function synopsis(command: CommandUnknownOpts): string {
  return `.B atcom ${plain(command.name())}\n${plain(usageOf(command))}`;
}

/** `[options] <number>`, as the help writes it. */
function usageOf(command: CommandUnknownOpts): string {
  return command.usage();
}

function argumentRows(command: CommandUnknownOpts): string {
  return command.registeredArguments
    .map((argument) => {
      const choices = argument.argChoices === undefined ? '' : ` (${argument.argChoices.join(', ')})`;
      return tagged(argument.name(), `${argument.description}${choices}`);
    })
    .join('\n');
}

function optionRows(options: readonly Option[]): string {
  return options
    .filter(({ hidden }) => !hidden)
    .map((option) => tagged(option.flags, optionText(option)))
    .join('\n');
}

function optionText({
  description,
  argChoices,
  defaultValue,
  defaultValueDescription,
  negate,
}: Option): string {
  const standard =
    defaultValueDescription ?? (negate || typeof defaultValue === 'boolean' ? undefined : defaultValue);
  const notes = [
    ...(argChoices === undefined ? [] : [`one of ${argChoices.join(', ')}`]),
    ...(standard === undefined ? [] : [`default: ${String(standard)}`]),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

function examples(command: CommandUnknownOpts): string {
  const text = afterHelp(command).trim();
  return heading('notes', text === '' ? '' : fromHelp(text));
}

/** The text that a command adds after its help. */
function afterHelp(command: CommandUnknownOpts): string {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write });
  return text;
}

function topicPage({ name, summary, text }: Topic): ManPage {
  return page(`atcom-${name}`, 7, summary, [heading('description', fromHelp(text()))]);
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}
