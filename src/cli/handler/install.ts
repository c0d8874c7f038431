import { access, constants, realpath, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { findConfig, isChosen, variable } from '../../config/index.ts';
import { visible } from '../../errors/visible.ts';
import { AtcomError } from '../../errors.ts';
import { attempt } from '../../files/attempt.ts';
import { strangerAbove } from '../../files/folder-owner.ts';
import { homeOf } from '../../files/home.ts';
import { LARGEST, openToRead, readToEnd } from '../../files/open.ts';
import { removeFile } from '../../files/remove.ts';
import { replaceFile } from '../../files/replace.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { quoteShellWord } from '../../shell.ts';
import type { Context } from '../context.ts';
import { columns } from '../output/text.ts';
import { selectPhones } from '../press/targets.ts';
import { type Said, wordsOf } from '../words.ts';
import { atHome, openedAtHome } from './at-home.ts';
import { canNotify, runProgram } from './desk-programs.ts';
import { desktopEntry, ENTRY, MIME_TYPES, propertyList, registryFile, type Start } from './desktop.ts';

interface InstallOptions {
  readonly to?: string | undefined;
  readonly ask: boolean;
  readonly for?: string | undefined;
}

/** Registers this program as the link handler of this account. */
export async function installHandler(context: Context, options: InstallOptions): Promise<void> {
  const { env, output } = context;
  if (options.for !== undefined) return writeForOthers(context, options, options.for);
  checkOwnAccount(context);
  const start = await startOf(context, options);
  // Who clicks on a link later sees no error.
  if (start.to === '-')
    throw new AtcomError('usage', { reason: '--to - reads no phone from a link', hint: 'name it' });
  await selectPhones(openedAtHome(context), start.to === undefined ? {} : { to: [start.to] });
  const file = join(dataFolder(env), 'applications', ENTRY);
  const terminal = options.ask && !(await canNotify(context));
  await replaceFile(file, desktopEntry(start, { terminal, folder: homeOf(env) }));
  await xdgMime(context, ['default', ENTRY, ...MIME_TYPES]);
  output.result({ ...documentHead('handler install'), file, links: MIME_TYPES }, () =>
    [visible(file), 'atcom now opens the tel:, callto: and sip: links of this account.'].join('\n'),
  );
}

/** Undoes {@link installHandler}. */
export async function removeHandler(context: Context): Promise<void> {
  const { env, output } = context;
  checkOwnAccount(context);
  const file = join(dataFolder(env), 'applications', ENTRY);
  const lists = [
    join(configFolder(env), 'mimeapps.list'),
    join(dataFolder(env), 'applications', 'mimeapps.list'),
  ];
  let removed = await removeFile(file);
  for (const list of lists) removed = (await forget(list)) || removed;
  output.result({ ...documentHead('handler remove'), file, removed }, () =>
    removed ? `${visible(file)} removed` : `nothing to remove: there is no ${visible(file)}`,
  );
}

/** Shows which program handles the links. */
export async function showHandler(context: Context): Promise<void> {
  const links: { link: string; entry: string; atcom: boolean }[] = [];
  for (const type of MIME_TYPES) {
    const entry = await xdgMime(context, ['query', 'default', type]);
    links.push({ link: `${type.replace('x-scheme-handler/', '')}:`, entry, atcom: entry === ENTRY });
  }
  context.output.result({ ...documentHead('handler status'), links }, () =>
    columns(links.map(({ link, entry, atcom }) => [link, atcom ? 'atcom' : visible(entry) || 'no program'])),
  );
}

/** With a folder of another user, root would change that account, or what a link in it leads to. */
function checkOwnAccount({ env, uid }: Context): void {
  if (uid !== 0) return;
  const folders = [join(dataFolder(env), 'applications'), configFolder(env)];
  const stranger = folders.map((folder) => strangerAbove(folder, uid)).find((reason) => reason !== undefined);
  if (stranger === undefined) return;
  throw new AtcomError('usage', {
    reason: `root handles no links for another user, and ${stranger}`,
    hint: 'run it as that user, without sudo',
  });
}

/**
 * Removes our entry from the lines of a list of programs, and those of links that become empty. Resolves to whether
 * there was one.
 */
async function forget(list: string): Promise<boolean> {
  // Lines of other programs may be in any encoding; here each byte is a letter.
  const bytes = attempt(() => readToEnd(list, openToRead(list, LARGEST).fd, LARGEST));
  const text = bytes?.toString('latin1');
  if (text === undefined) return false;
  const lines = text.split('\n');
  const left = lines.flatMap(withoutEntry);
  if (left.join('\n') === text) return false;
  const place = await realpath(list);
  await replaceFile(place, Buffer.from(left.join('\n'), 'latin1'), {
    mode: (await stat(place)).mode & 0o777,
  });
  return true;
}

/** `x-scheme-handler/tel=a.desktop;b.desktop;` without our entry. */
function withoutEntry(line: string): readonly string[] {
  const [, key = '', value = ''] = /^(x-scheme-handler\/[\w.+-]+\s*=)(.*)$/s.exec(line) ?? [];
  const entries = value.split(';');
  const others = entries.filter((entry) => entry.trim() !== ENTRY);
  if (others.length === entries.length) return [line];
  return others.every((entry) => entry.trim() === '') ? [] : [key + others.join(';')];
}

/** With the config and the phone of now: a desktop starts programs in any folder, and without the settings of a shell. */
async function startOf(
  context: Context,
  { to = variable(context.env, 'ATCOM_TO'), ask }: Omit<InstallOptions, 'for'>,
): Promise<Start & Pick<InstallOptions, 'to'>> {
  const { env, configContext } = context;
  const config = configFor(context);
  const profile = configContext.profile ?? variable(env, 'ATCOM_PROFILE');
  const given = Object.entries({ config, profile }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  const words = [
    ...given,
    'handler',
    'open',
    ...(to === undefined ? [] : ['--to', to]),
    ...(ask ? [] : ['--no-ask']),
    // No link gives options, not even one that a desktop takes apart at its quotes and blanks.
    '--',
  ];
  return { program: await ownPath(env), words, to };
}

/**
 * The config that is used now, if it is one that was named. One that was merely found is not written down: it would count
 * as named from then on, although anybody may have brought it along.
 */
function configFor({ configContext: context, said }: Context): string | undefined {
  const file = foundIn(context);
  if (file !== undefined && isChosen(file, context)) return file.path;
  if (file?.kind !== 'project' || file.path === foundIn(atHome(context))?.path) return undefined;
  const named: Said = { kind: 'option', name: '--config', value: file.path };
  throw new AtcomError('usage', {
    reason: `${file.path} counts in this folder only, and links are opened in your home`,
    hint: `name it: ${['atcom', ...wordsOf([named, ...said()])].map(quoteShellWord).join(' ')}`,
  });
}

function foundIn(context: Context['configContext']) {
  return findConfig(context).found.find(({ kind }) => kind !== 'system');
}

/** A desktop starts programs without the shell's PATH, so the full path is written. */
async function ownPath({ PATH = '' }: Context['env']): Promise<string> {
  for (const folder of PATH.split(delimiter).filter((name) => isAbsolute(name))) {
    const path = join(folder, 'atcom');
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw new AtcomError('usage', {
    reason: 'atcom is not in PATH, so the desktop cannot start it',
    hint: 'install it first: docs/install.md',
  });
}

async function xdgMime(context: Context, words: readonly string[]): Promise<string> {
  try {
    return await runProgram(context, 'xdg-mime', words);
  } catch (cause) {
    const hint = 'apt install xdg-utils';
    throw new AtcomError('usage', { reason: `xdg-mime: ${(cause as Error).message}`, hint }, { cause });
  }
}

async function writeForOthers(context: Context, options: InstallOptions, system: string): Promise<void> {
  if (system !== 'windows' && system !== 'macos') {
    throw new AtcomError('usage', {
      reason: `--for ${JSON.stringify(system)} is not possible`,
      hint: 'use windows or macos',
    });
  }
  const text = system === 'macos' ? propertyList() : registryFile(await startOf(context, options));
  context.output.result({ ...documentHead('handler install'), system, tested: false, text }, () =>
    text.trimEnd(),
  );
}

function dataFolder(env: Context['env']): string {
  return folderOf(env, 'XDG_DATA_HOME', '.local/share');
}

function configFolder(env: Context['env']): string {
  return folderOf(env, 'XDG_CONFIG_HOME', '.config');
}

function folderOf(env: Context['env'], name: string, standard: string): string {
  const given = env[name];
  if (given !== undefined && isAbsolute(given)) return given;
  const home = homeOf(env);
  if (home !== undefined) return join(home, standard);
  throw new AtcomError('usage', {
    reason: 'this user has no home, and so no desktop that could open links',
    hint: `set HOME, or ${name}`,
  });
}
