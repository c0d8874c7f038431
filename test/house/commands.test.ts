import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { PAGES } from './pages.ts';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';

const home = temporaryFolder();
// Nothing here reaches a real phone: commands that press keys get --dry-run, or a virtual phone.
const env = {
  ...cleanEnvironment(home),
  ATCOM_CONFIG: join(ROOT, 'examples/atcom.config.yaml'),
  ATCOM_TO: '172.16.0.57',
};
const atcom = (...args: string[]) => run('atcom', args, { env });
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** A command line, and the output that a text shows for it. */
interface Shown {
  readonly line: string;
  readonly output: readonly string[];
}

/** `$ command` and what follows it, in the console blocks of a text. */
function consoleLines(markdown: string): Shown[] {
  // In a list, they are indented.
  const blocks = Array.from(
    markdown.matchAll(/^( *)```console\n([\s\S]*?)```/gm),
    ([, indent = '', block = '']) => block.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = '', ...output] = part.trimEnd().split('\n');
        return { line, output };
      }),
  );
}

/** `atcom …` in running text; a name alone, such as `atcom run`, only has to exist. */
function inlineLines(markdown: string): Shown[] {
  const prose = markdown.replace(/```[\s\S]*?```/g, '');
  return Array.from(prose.matchAll(/`(atcom [^`]+)`/g), ([, line = '']) => ({
    line: line.replace(/^atcom [\w-]+$/, '$& --help'),
    output: [],
  }));
}

/** Indented `$ atcom …` of a help text. */
function indentedLines(output: string): Shown[] {
  return Array.from(output.matchAll(/^ +\$ (atcom .*)$/gm), ([, line = '']) => ({ line, output: [] }));
}

/** Indented `node bin/atcom.js …` at the end of the demo. */
function demoLines(output: string): Shown[] {
  const lines = output.matchAll(/^ +node bin\/atcom\.js (.*)$/gm);
  return Array.from(lines, ([, words]) => ({ line: `atcom ${words}`, output: [] }));
}

const { out: help } = await atcom('--help');
const names = Array.from(
  help
    .split('Commands:')[1]
    ?.split('\n\n')[0]
    ?.matchAll(/^ {2}([a-z]+) /gm) ?? [],
  ([, name = '']) => name,
);
const helpTexts = new Map(
  await Promise.all(
    names.map(async (name): Promise<[string, string]> => [name, (await atcom(name, '--help')).out]),
  ),
);

/** Commands that run until they are stopped: the options that end them at once, and their exit code then. */
const WAITING: Readonly<Record<string, { readonly words: string; readonly code: number }>> = {
  sim: { words: '--json --port 0', code: 0 },
  status: { words: '--no-web --json', code: 0 },
  listen: { words: '--host 127.0.0.1 --port 0 --for 1ms', code: 0 },
  expect: { words: '--port 0 --within 1ms', code: 6 },
};

/** A command line that ends in `atcom`, and the command. */
const ATCOM = /^(?:[^|]+ \| )?atcom (\S+)/;

/** Runs a command as it is shown, without pressing a key and without running for ever. */
async function tryOut({ line, output }: Shown, cwd: string): Promise<void> {
  const [, name = ''] = ATCOM.exec(line) ?? [];
  const waiting = line.endsWith(' --help') ? undefined : WAITING[name];
  const presses = helpTexts.get(name)?.includes('--dry-run') === true;
  const words = waiting?.words ?? (presses ? '--dry-run' : '');
  // These have no dry run, or one that reads: they examine a virtual phone instead of the one shown.
  const harmless = line
    .replace(/^atcom (doctor|setup show)\b[^-]*/, 'atcom $1 virtual ')
    .replace(/^(atcom setup .*)(?:--to \S+|--all)/, '$1--to virtual')
    // A virtual phone lets in any, so no single address can be taken off its list.
    .replace(/--remove \S+/, '--remove any')
    .replace(' --watch', '')
    // Instead of these, below.
    .replace(/ --(?:host|port|within|for) \S+/g, (shown) => (waiting === undefined ? shown : ''));
  const ended = await run('sh', ['-c', `exec ${harmless} ${words}`], {
    env,
    cwd,
    until: waiting !== undefined && name === 'sim' ? '"ready"' : undefined,
  });
  expect(ended.code, ended.err).toBe(waiting?.code ?? 0);
  if (name === 'setup' && !line.endsWith(' --help')) expect(ended.err).toMatch(/^experimental: /);
  else if (waiting === undefined) expect(ended.err).toBe('');
  if (output.length > 0) expect(ended.out).toBe(`${output.join('\n')}\n`);
}

/** Commands that need a PBX are tested in test/simulator/sip/, which has one. */
const runnable = (shown: readonly Shown[]) =>
  shown.filter(({ line }) => ATCOM.test(line) && !line.includes(' --sip '));

describe('the pages', () => {
  const lines = PAGES.flatMap((page) => {
    const markdown = text(page);
    const shown = [...consoleLines(markdown), ...inlineLines(markdown), ...demoLines(markdown)];
    return runnable(shown).map((line) => ({ page, ...line }));
  });

  // They run at the root of the project, where the files they name are, such as examples/night.atcom.
  it.each(lines)('$page: $line', (shown) => tryOut(shown, ROOT), 30_000);
});

describe('the help', () => {
  const lines = runnable([help, ...helpTexts.values()].flatMap(indentedLines));

  // The files that its commands read are there, such as night.atcom.
  it.each(lines)('$line', (shown) => tryOut(shown, join(ROOT, 'examples')), 30_000);
});

// Requests to phones on a PBX are tested in test/simulator/sip/.
describe('the requests to virtual phones in the pages and the help', () => {
  const all = [...PAGES.map(text), ...helpTexts.values()].flatMap((page) =>
    Array.from(
      page.matchAll(/\$ curl (?:--json '(.*)' )?http:\/\/127\.0\.0\.1:7001(\/\S+)$/gm),
      ([line, body, path = '']) => ({
        line,
        path,
        init:
          body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body },
      }),
    ),
  );

  const shown = all.filter(({ path }) => path !== '/_sim/sip');

  it('are found', () => {
    expect(shown.length).toBeGreaterThan(5);
  });

  it.each(shown)('$line', async ({ path, init }) => {
    const simulator = await startSimulator({ phones: 1 });
    onTestFinished(() => simulator.close());
    const [phone] = simulator.phones;
    // The phone must ask before a person can press Save.
    await fetch(`${phone?.url}/cgi-bin/server.cgi?key=RELEASE`);
    const answer = await fetch(`${phone?.url}${path}`, init);
    expect(answer.status, await answer.text()).toBe(200);
  });
});

it('commands are found in the pages, in their running text, at the end of the demo, and in the help', () => {
  const pages = PAGES.map(text);
  expect(runnable(pages.flatMap(consoleLines)).length).toBeGreaterThan(20);
  expect(runnable(pages.flatMap(inlineLines)).length).toBeGreaterThan(10);
  expect(pages.flatMap(demoLines).length).toBeGreaterThan(4);
  expect([...helpTexts.values()].flatMap(indentedLines).length).toBeGreaterThan(20);
});

it('every command has an example, or needs none', () => {
  const bare = [...helpTexts].filter(([, page]) => !page.includes('\n  $ ')).map(([name]) => name);
  expect(bare.filter((name) => !['models', 'config', 'action-url', 'help'].includes(name))).toEqual([]);
});

describe('the limits', () => {
  const rows = Array.from(text('docs/limits.md').matchAll(/^\| .* \| (.*) \|$/gm), ([, cell = '']) => cell);
  const settings = rows.flatMap((cell) =>
    Array.from(cell.matchAll(/`(\w+: .+?)`/g), ([, setting = '']) => setting),
  );

  it('has a table of settings', () => {
    expect(settings.length).toBeGreaterThan(5);
  });

  it.each(settings)('shows a setting that a config takes: %s', async (setting) => {
    const file = join(home, `${settings.indexOf(setting)}.yaml`);
    writeFileSync(file, `phones:\n  p:\n    host: 172.16.0.57\n    ${setting}\n`);
    expect(await atcom('config', 'validate', file)).toMatchObject({ code: 0, err: '' });
  });
});

describe.each([...PAGES, 'CONTRIBUTING.md', 'CHANGELOG.md'])('%s', (page) => {
  it('names scripts that exist', () => {
    const { scripts } = JSON.parse(text('package.json'));
    const named = Array.from(text(page).matchAll(/npm run ([\w:-]+)/g), ([, name]) => name);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });

  it('names files that exist', () => {
    const paths = Array.from(
      text(page).matchAll(/`((?:\.ci|bench|bin|docs|examples|scripts|src|test)\/[\w./-]*)`/g),
      ([, path = '']) => path,
    );
    for (const path of paths) expect(() => statSync(join(ROOT, path)), path).not.toThrow();
  });

  it('links to pages and headings that exist', () => {
    const links = text(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g);
    for (const [link, path = '', heading] of links) {
      const target = path === '' ? page : join(dirname(page), path);
      expect(() => statSync(join(ROOT, target)), link).not.toThrow();
      if (heading !== undefined) expect(headings(target), link).toContain(heading);
    }
  });
});

it('the README is short, and leads to every page', () => {
  const readme = text('README.md');
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(250);
  for (const page of PAGES.slice(1)) expect(readme).toContain(`](${page})`);
});

/** The names under which headings of a page can be linked to. */
function headings(page: string): string[] {
  const prose = text(page).replace(/```[\s\S]*?```/g, '');
  return Array.from(prose.matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}
