// Writes the text between markers in the README and the pages of docs/, the picture in the README, the JSON Schema of
// scenario files, and the manual pages in package.json: npm run generate. With --check, it writes nothing, and fails
// on drift. Needs dist/.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { picture } from './generate/picture.mjs';
import { atcom, colouredDemo, root } from './generate/programs.mjs';
import { SECTIONS } from './generate/sections.mjs';

const MARKED = /(<!-- generated:([\w-]+) -->\n)([\s\S]*?)(<!-- \/generated -->)/g;

/** Files that are generated as a whole. */
const FILES = {
  'schemas/scenario.json': () => atcom('test --schema'),
  'docs/demo.svg': () => picture(theCall(colouredDemo()), 'npm run demo'),
  'package.json': manifest,
};

/** npm installs the manual pages that package.json lists one by one; they are generated for the package. */
function manifest() {
  const folder = mkdtempSync(join(tmpdir(), 'atcom-manual-'));
  try {
    atcom(`--quiet help --man-to ${folder}`);
    const man = readdirSync(folder, { recursive: true }).filter((path) => /\.\d$/.test(path));
    const before = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return `${JSON.stringify({ ...before, man: man.sort().map((path) => `dist/man/${path}`) }, null, 2)}\n`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The part of the demo in which one phone calls the other: from the call to the displays after the answer. */
function theCall(demo) {
  const lines = demo.split('\n');
  const first = lines.findIndex((line) => line.includes('$ atcom dial') && line.includes('--confirm'));
  const last = lines.findLastIndex((line) => line.startsWith('└'));
  return lines.slice(first, last + 1).join('\n');
}

/** Times, and which of two phones reports first, differ from run to run: that is no drift. */
const lasting = (text) =>
  text
    .replace(/\d+ ms|"ms": \d+|[+-]?\d+\.\d+ s\b/g, 'ms')
    .replace(/ (y|textLength)="[\d.]+"/g, '')
    .replace(/(^.* {2}event {2}.*\n)+/gm, (lines) => lines.split('\n').sort().join('\n'));

/** The existing text, unless the sources generate something else. */
const refreshed = (before, after) => (lasting(before) === lasting(after) ? before : after);

async function page(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const fresh = new Map();
  for (const [, , name] of text.matchAll(MARKED)) {
    const section = SECTIONS[name];
    if (section === undefined) throw new Error(`${file} has a section ${name}, and nothing generates it`);
    fresh.set(name, `${await section()}\n`);
  }
  const after = text.replace(
    MARKED,
    (_, open, name, content, close) => `${open}${refreshed(content, fresh.get(name))}${close}`,
  );
  return { names: [...fresh.keys()], file, before: text, after };
}

function whole([file, generate]) {
  const before = readFileSync(join(root, file), { encoding: 'utf8', flag: 'a+' });
  return { names: [], file, before, after: refreshed(before, generate()) };
}

const files = Object.entries(FILES).map(whole);
for (const file of ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)]) {
  if (file.endsWith('.md')) files.push(await page(file));
}
const missing = Object.keys(SECTIONS).filter((name) => !files.some(({ names }) => names.includes(name)));
if (missing.length > 0) throw new Error(`no page has a section ${missing.join(', ')}`);

for (const { file, before, after } of files) {
  if (before === after) continue;
  if (!process.argv.includes('--check')) writeFileSync(join(root, file), after);
  else {
    console.error(`${file} is out of date: run npm run generate`);
    process.exitCode = 1;
  }
}
