// One run over all phones, started, cut short and resumed until it is complete.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ATCOM = join(import.meta.dirname, '..', '..', 'bin', 'atcom.js');

export class Night {
  folder = mkdtempSync(join(tmpdir(), 'atcom-night-'));
  presses = 0;
  unknown = 0;
  #simulator;
  #watch;
  #before;

  /** @param watch - registers a callback for each key press */
  constructor(simulator, watch) {
    this.#simulator = simulator;
    this.#watch = watch;
    this.#before = this.#counts();
    const phones = simulator.phones.map(({ name, host }) => `  ${name}: "${host}"\n`);
    writeFileSync(join(this.folder, 'atcom.config.yaml'), `phones:\n${phones.join('')}`);
    for (const name of ['small', 'left']) mkdirSync(join(this.folder, name));
  }

  /** The journal, which only the first run may start. */
  get journal() {
    return join(this.folder, 'left', 'q');
  }

  /** Whether a request was announced in the journal: from then on it can only be resumed. */
  get begun() {
    return existsSync(this.journal) && readFileSync(this.journal, 'utf8').includes('"intent"');
  }

  /** Starts a run on the journal under this name; `ended` is its exit and its output. */
  start({ journal = this.journal, before = [], onPress = () => {} } = {}) {
    this.#watch(onPress);
    const mode = this.begun ? '--resume' : '--journal';
    const run = ['key', 'DND', '--all', '--yes', '--jobs', '16', '--json', mode, journal];
    const [command, ...words] = [...before, process.execPath, ATCOM, ...run];
    const env = { PATH: process.env.PATH, HOME: this.folder, NO_COLOR: '1' };
    const child = spawn(command, words, { cwd: this.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const written = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (written.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (written.err += text));
    const ended = new Promise((done) =>
      child.once('close', (code, signal) => done({ ...written, code, signal })),
    );
    return { child, ended };
  }

  /** Runs to the end, undisturbed, and compares the report with what was pressed: returns a line for each difference. */
  async account() {
    const { out, err, code } = await this.start().ended;
    const document = parsed(out);
    if (document?.results === undefined) return [`the last run ended with ${code}: ${err}${out}`];
    const outcomes = new Map(document.results.map(({ host, outcome }) => [host, outcome]));
    const intents = readFileSync(this.journal, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"intent"'));
    const after = this.#counts();
    return this.#simulator.phones.flatMap(({ name, host }, index) => {
      const presses = after[index] - this.#before[index];
      const outcome = outcomes.get(host);
      this.presses += presses;
      if (outcome === 'unknown') this.unknown += 1;
      const announced = intents.some((line) => line.includes(`"${host}"`) || line.includes(`"${name}"`));
      const right =
        presses <= 1 &&
        (outcome === 'unknown' || (outcome === 'ok' && presses === 1)) &&
        (presses === 0 || announced);
      return right
        ? []
        : [`${name} ${host}: pressed ${presses} times, told ${outcome}, announced ${announced}`];
    });
  }

  #counts() {
    return this.#simulator.phones.map(({ extension }) => this.#simulator.state(extension).presses);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
