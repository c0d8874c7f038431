import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, run } from './run.ts';

const FILES = {
  'quoted.atcom':
    'hold --to http://u:"hunter2"@h\nhold --to \'http://u\':hunter2@h extra\nhold --to http://u:"a\\"hunter2"@h\nhold --to http://u:a\\"hunter2@h\nhold --to http://u:a"hunter2@h\n',
  'glued.yaml': 'credentials: {"@all": {user: u, password:hunter2}}\nlistener: {token=hunter2}',
  'shown.yaml': 'default: "http://u:hunter2@h"\ngroups: { g: "http://u:hunter2@h" }',
  'night.atcom': 'dial 6040 --to http://u:hunter2@h/\nhold --to u:hunter2@h extra\n',
  'call.yaml': [
    'phones: { a: virtual }',
    'scenarios:',
    '  one:',
    '    steps:',
    '      - a: http://u:hunter2@h/',
    '      - http://u:hunter2@h/: hold',
  ].join('\n'),
  'mine.yaml': ['phones: { "http://u:hunter2@h": 10.0.0.1 }', 'macros: { m: "u:hunter2@h HOLD" }'].join('\n'),
};

/** How the `@` before a host may be written, as in a link. */
const WRITTEN = ['@', '%40', '%2540'] as const;
type Written = (typeof WRITTEN)[number];

const writtenAs = (at: Written, text: string) => text.replace(/@(?=h|pbx)/g, at);

function folder(at: Written): string {
  const cwd = emptyFolder();
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), writtenAs(at, text));
  return cwd;
}

it.each([
  'http://u:hunter2@h',
  'hold http://u:hunter2@h',
  'hold http://u:my_hunter2@h',
  'hold http://u:"hunter2"@h',
  'hold sip:6040&:hunter2@pbx',
  'hold --to sip:%3Ahunter2@pbx',
  'dial sip:@6040:hunter2@pbx --to 10.0.0.1',
  'dial :hunter2@pbx --to 10.0.0.1',
  'hold --u:hunter2@h',
  'hold --timeout http://u:hunter2@h',
  'hold --jobs http://u:hunter2@h',
  'hold --report http://u:hunter2@h',
  '--profile u:hunter2@h hold',
  '--config u:hunter2@h hold',
  'key http://u:hunter2@h --to 10.0.0.1',
  'macro u:hunter2@h --to 10.0.0.1',
  'listen --host http://u:hunter2@h',
  'setup allow-list add http://u:hunter2@h',
  'setup allow-list --to 10.0.0.1 --add u:hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2hunter2@h',
  'expect http://u:hunter2@h',
  'expect idle --where http://u:hunter2@h',
  'sim --web-variant http://u:hunter2hunter2hunter2hunter2hunter2hunter2@h',
  'help http://u:hunter2@h',
  'handler open http://u:hunter2@h',
  'action-url lint http://u:hunter2@h/off',
  'run night.atcom',
  'run quoted.atcom',
  '--config glued.yaml phones',
  'test call.yaml',
  'test call.yaml --report junit:-',
  'test call.yaml --report html:-',
  '--config mine.yaml config validate',
  'listen --host http://u:my_hunter2@h',
  'test --sip-pbx http://u:my_hunter2@h call.yaml',
  'sim --sip-accounts http://u:hunter2@h',
])('no password of a wrong word is repeated: atcom %s', async (line) => {
  // A password may have a blank in it.
  const words = line.split(' ').map((word) => word.replace('_', ' '));
  for (const at of WRITTEN) {
    const written = words.map((word) => writtenAs(at, word));
    for (const json of [[], ['--json']]) {
      const { exitCode, stdout, stderr } = await run([...written, ...json], { cwd: folder(at) });
      expect(exitCode).toBeGreaterThan(0);
      expect(stdout + stderr).not.toBe('');
      expect(stdout + stderr).not.toContain('hunter2');
    }
  }
});

it.each([
  'dial 5 --password=hunter2',
  'dial 5 --pasword-file=hunter2',
  'dial 5 --json=hunter2',
  "dial 5 --password=it's'hunter2\n(hunter2",
  'dial 5 \u2014password=hunter2',
  '--password=hunter2 dial 5 --help',
  'config show --password=hunter2 --help',
  'run option.atcom',
  'test option.yaml',
  'test option.yaml --password=hunter2 --report junit:- ',
])('no value of an option that there is not is repeated: atcom %s', async (line) => {
  const cwd = folder('@');
  writeFileSync(join(cwd, 'option.atcom'), 'dial 5 --password="hunter2 hunter2"\n');
  const steps = 'steps: [{ a: dial 5 --password=hunter2 }]';
  writeFileSync(join(cwd, 'option.yaml'), `name: one\nphones: { a: virtual }\n${steps}\n`);
  for (const json of [[], ['--json']]) {
    const { exitCode, stdout, stderr } = await run([...line.trim().split(' '), ...json], { cwd });
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toMatch(
      /unknown option '--(pass?word(-file)?|json)'|\u2014password\W+is not an option/,
    );
    expect(stdout + stderr).not.toContain('hunter2');
  }
});

it.each([
  ['--password hunter2 dial 5', "unknown option '--password'"],
  ['--no-colour --pass hunter2 dial 5', "unknown option '--no-colour'"],
  ['config --password hunter2 show', "unknown option '--password'"],
  ['--json dail 5', 'did you mean dial?'],
  ['\u2013\u2013password=hunter2 dial 5', 'unknown command "\u2013\u2013password"'],
  ['config \u2014password:hunter2', 'unknown command "\u2014password…"'],
  ['dial 5 --password:hunter2', "unknown option '--password…'"],
  ['dial 5 --passwordHunter2', "unknown option '--password…'"],
  ['dial 5 -phunter2', "unknown option '-p…'"],
  ['dial 5 -phunter2 --help', "unknown option '-p…'"],
  ['dial 5 -p', "unknown option '-p'"],
  ['dial 5 --p\u00E4ss:hunter2', "unknown option '--p…'"],
  ['dial 5 \u2014password:hunter2', '"\u2014password" is not an option'],
  ['test short.yaml', "unknown option '-p…'"],
  ['run short.atcom', "short.atcom:1: unknown option '-p…'\n  dial 5 -p…"],
  ['run colon.atcom', "colon.atcom:1: unknown option '--password…'\n  dial 5 --password…"],
  ['run first.atcom', "first.atcom:1: unknown option '--password'\n  --password=…"],
  ['run both.atcom', 'both.atcom:1: dail is not a command of atcom run\n  dail 5 -p…'],
  ['run capital.atcom', 'capital.atcom:1: dail is not a command of atcom run\n  dail 5 --…'],
  ['run unknown.atcom', "unknown.atcom:1: unknown option '--password'\n  dial 5 --password …"],
  ['run misspelt.atcom', 'misspelt.atcom:1: dail is not a command of atcom run\n  dail 5 --password …'],
  ['run quoted.atcom', "quoted.atcom:1: unknown option '--password'\n  dial 5 --pass…"],
  ['run plain.atcom', 'plain.atcom:1: dail is not a command of atcom run\n  dail 5 9 ['],
  ['test misspelt.yaml', 'dail is not a command'],
  ['test unknown.yaml', "unknown option '--password'"],
])('nor where it is not written with =: atcom %s', async (line, wanted) => {
  const cwd = folder('@');
  const [unknown, misspelt] = ['dial 5 --password hunter2', 'dail 5 --password hunter2 --to 10.0.0.1'];
  writeFileSync(join(cwd, 'unknown.atcom'), `${unknown}\n`);
  writeFileSync(join(cwd, 'misspelt.atcom'), `${misspelt}\n`);
  writeFileSync(join(cwd, 'quoted.atcom'), "dial 5 --pass'word' hunter2\n");
  writeFileSync(join(cwd, 'plain.atcom'), 'dail 5 9\n');
  writeFileSync(join(cwd, 'short.atcom'), 'dial 5 -phunter2\n');
  writeFileSync(join(cwd, 'colon.atcom'), 'dial 5 --password:hunter2\n');
  writeFileSync(join(cwd, 'first.atcom'), '--password=hunter2 dial 5\n');
  writeFileSync(join(cwd, 'both.atcom'), 'dail 5 -phunter2 --password hunter2\n');
  writeFileSync(join(cwd, 'capital.atcom'), 'dail 5 --Password:hunter2\n');
  const scenario = (step: string) => `name: one\nphones: { a: virtual }\nsteps: [{ a: ${step} }]\n`;
  writeFileSync(join(cwd, 'unknown.yaml'), scenario(unknown));
  writeFileSync(join(cwd, 'misspelt.yaml'), scenario(misspelt));
  writeFileSync(join(cwd, 'short.yaml'), scenario('dial 5 -phunter2'));
  for (const json of [[], ['--json']]) {
    const { exitCode, stdout, stderr } = await run([...json, ...line.split(' ')], { cwd });
    expect(exitCode).toBe(2);
    if (json.length === 0) expect(stdout + stderr).toContain(wanted);
    expect(stdout + stderr).not.toMatch(/hunter/i);
  }
});

it.each([
  ['atcom dial 5 --password hunter2', 'atcom dial 5 --password …'],
  ['to x --password hunter2', 'to x --password …'],
  ['sleep 5s --password hunter2', 'sleep 5s --password …'],
  ['set a=b --password hunter2', 'set a=b --password …'],
  ['nosuch "--password" hunter2', 'nosuch "--password…'],
  ["nosuch '--password=hunter2'", "nosuch '--password=…"],
  ['nosuch \\--password=hunter2', 'nosuch \\--password=…'],
  ['nosuch --1password hunter2', 'nosuch --…'],
  ['nosuch --\u043f hunter2', 'nosuch --…'],
  ['nosuch --to:hunter2', 'nosuch --to…'],
  ['dial 5 --password hunter2 "', 'dial 5 --password …'],
  ['dial 5 --password\\ hunter2', 'dial 5 --password…'],
  ['dial 5 \u2013\u2013password hunter2', 'dial 5 \u2013\u2013password …'],
  ['dial 5 9 -- --password hunter2', 'dial 5 9 -- --password …'],
  [`dial 5 9 --to "http://u:hunter2'-x@10.0.0.1"`, 'dial 5 9 --to http://\u2026@10.0.0.1'],
  ['dial 5 9 --to=lab-1 --yes - # --wait 5s', 'dial 5 9 --to=lab-1 --yes - # --wait 5s'],
])('of a line with an error, nothing is shown after an option that there is not: %s', async (line, shown) => {
  const cwd = folder('@');
  writeFileSync(join(cwd, 'a.atcom'), `${line}\n`);
  const { exitCode, stderr } = await run(['run', 'a.atcom'], { cwd });
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`\n  ${shown} [`);
  expect(stderr).not.toContain('hunter2');
});

it.each(WRITTEN)('no password of a link is written into the log of the handler, before %s', async (at) => {
  const cwd = folder(at);
  await run(['handler', 'open', `sip:6040:hunter2${at}pbx`, '--to', 'virtual'], { cwd });
  expect(readFileSync(join(cwd, '.local/state/atcom/handler.log'), 'utf8')).toMatch(
    new RegExp(`^\\S+ sip:…${at}pbx .+\\n$`),
  );
});

it('no password of a line is repeated that fails', async () => {
  const cwd = folder('@');
  writeFileSync(join(cwd, 'next.atcom'), 'key SEND --to 10.0.0.1 # u:hunter2@h\n');
  const transport = async () => ({ kind: 'answer', status: 500, head: '', body: '' }) as const;
  const { exitCode, stderr } = await run(['run', 'next.atcom'], { cwd, transport });
  expect(exitCode).toBe(5);
  expect(stderr).toContain('next.atcom:1: key SEND --to 10.0.0.1 # …@h\n');
});
