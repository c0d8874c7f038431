import { realpathSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { visible } from '../../errors/visible.ts';
import { pathIn } from '../../files/links.ts';
import { explain, type RunDocument, type ScenarioResult } from '../../scenario/index.ts';
import { count } from '../output/text.ts';

/** The environment of a GitHub run. */
interface Workplace {
  readonly workspace?: string | undefined;
  readonly cwd: string;
}

/** What GitHub Actions gets from a run. */
export interface GithubReport {
  /** Lines for the log, each of which annotates a line of a file. */
  readonly annotations: readonly string[];
  /** Markdown for the job summary. */
  readonly summary: string;
}

/**
 * The report for GitHub Actions.
 *
 * @param where - the checkout, to which paths must be relative, and the folder to which they are relative now
 */
export function github(document: RunDocument, where: Workplace): GithubReport {
  const { results } = document;
  return {
    annotations: results.flatMap((result) => annotation(result, where)),
    summary: [
      `### atcom test: ${sumOf(document)}`,
      '',
      '| | scenario | file | |',
      '| --- | --- | --- | ---: |',
      ...results.map(rowOf),
      '',
      ...results.flatMap(detailsOf),
    ].join('\n'),
  };
}

function sumOf({ summary: { scenarios, ms, ...counts } }: RunDocument): string {
  const parts = Object.entries(counts).filter(([, number]) => number > 0);
  return `${count(scenarios, 'scenario')}, ${parts.map(([what, number]) => `${number} ${what}`).join(', ')}`;
}

function annotation(result: ScenarioResult, where: Workplace): readonly string[] {
  const { status, file, name, line, attempts } = result;
  const kind = { failed: 'error', error: 'error', flaky: 'warning', skipped: 'notice', passed: undefined }[
    status
  ];
  if (kind === undefined) return [];
  const place = attempts
    .at(-1)
    ?.steps.find(({ error }) => error !== undefined && error === result.error)?.place;
  const properties = {
    file: inside(file, where),
    line: String(place?.line ?? line),
    title: `${name}: ${status}`,
  };
  const texts = Object.entries(properties).map(([key, value]) => `${key}=${command(value, /[%\r\n:,]/g)}`);
  return [`::${kind} ${texts.join(',')}::${command(messageOf(result), /[%\r\n]/g)}`];
}

/**
 * The path of a file relative to the checkout, whatever folder the run was started in; both may contain symbolic links.
 */
function inside(file: string, { workspace = '', cwd }: Workplace): string {
  if (workspace === '') return file;
  const path = relative(real(workspace), real(pathIn(cwd, file)));
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function messageOf(result: ScenarioResult): string {
  const { status, attempts, error } = result;
  if (status === 'flaky') return `passed at try ${attempts.length}`;
  const explanation = explain(result);
  if (explanation === undefined) return error?.message ?? '';
  const { where, what, details, hint } = explanation;
  // Line by line, so that a line break in a value cannot start a new line.
  return [...where, what, ...details, ...(hint === undefined ? [] : [`Fix: ${hint}`])]
    .map(visible)
    .join('\n');
}

/** Percent-escapes characters with a meaning in a workflow command, and makes invisible ones visible. */
function command(text: string, special: RegExp): string {
  return text
    .split('\n')
    .map(visible)
    .join('\n')
    .replace(
      special,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}

const SIGNS: Readonly<Record<ScenarioResult['status'], string>> = {
  passed: '✅ passed',
  flaky: '⚠️ flaky',
  skipped: '⏭️ skipped',
  failed: '❌ failed',
  error: '💥 error',
};

function rowOf({ status, name, file, ms }: ScenarioResult): string {
  return `| ${SIGNS[status]} | ${markdown(name)} | ${markdown(file)} | ${ms} ms |`;
}

function detailsOf(result: ScenarioResult): readonly string[] {
  if (result.status === 'passed' || result.status === 'skipped') return [];
  const text = markup(messageOf(result).split('\n').map(visible).join('\n'));
  return [
    `<details><summary>${markup(visible(result.name))}</summary>`,
    '',
    `<pre>${text}</pre>`,
    '',
    '</details>',
    '',
  ];
}

/** Escapes text for a table cell. */
function markdown(text: string): string {
  return visible(text).replace(
    /[\\`*_{}[\]<>()#+\-.!|~$&@:]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}

function markup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
