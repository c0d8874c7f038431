import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { newFolder } from '../support/folder.js';

/** An event from baresip: `CALL_INCOMING`, `CALL_ESTABLISHED`, `CALL_CLOSED` … */
export interface BaresipEvent {
  readonly type: string;
  readonly peeruri?: string;
  readonly param?: string;
}

const CONTROL = 4470;
const SIP = 5170;

/** An independent phone, controlled over its control port, to check ours against. */
export class Baresip {
  readonly events: BaresipEvent[] = [];
  readonly number: string;
  readonly #folder = newFolder('baresip');
  readonly #used = new Set<BaresipEvent>();
  readonly #watchers = new Set<() => void>();
  readonly #process: ChildProcess;
  #control: Socket | undefined;
  #data = Buffer.alloc(0);
  #calls = 0;

  private constructor(number: string, tone: number) {
    this.number = number;
    const index = Number(number) % 10;
    writeFileSync(join(this.#folder, 'config'), config(this.#folder, index, tone));
    for (const file of ['accounts', 'contacts']) writeFileSync(join(this.#folder, file), '');
    this.#process = spawn('baresip', ['-4', '-f', this.#folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  }

  /** A phone that has registered. Its password is `secret-NUMBER`. */
  static async start(number: string, host: string, tone: number): Promise<Baresip> {
    const phone = new Baresip(number, tone);
    const { stdout } = phone.#process;
    let said = '';
    if (stdout === null) throw new Error('no output');
    // Its modules are loaded, including the one that takes commands.
    for await (const chunk of stdout) {
      said += chunk;
      if (said.includes('ready.')) break;
    }
    phone.#control = connect(CONTROL + (Number(number) % 10), '127.0.0.1');
    phone.#control.on('data', (data: Buffer) => phone.#take(data));
    await once(phone.#control, 'connect');
    const account = [
      `<sip:${number}@${host}>`,
      `auth_user=${number}`,
      `auth_pass=secret-${number}`,
      `outbound="sip:${host}"`,
      'regint=60',
      'answermode=manual',
      'audio_codecs=PCMA/8000/1,PCMU/8000/1',
    ];
    phone.tell('uanew', account.join(';'));
    await phone.until('REGISTER_OK');
    return phone;
  }

  /** Sends a command as a user would type it, such as `dial`. */
  tell(command: string, params?: string): void {
    if (command === 'dial') this.#calls += 1;
    const message = JSON.stringify({ command, params });
    this.#control?.write(`${Buffer.byteLength(message)}:${message},`);
  }

  /** The next event of a type; each counts once. */
  until(type: string): Promise<BaresipEvent> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.events.find((event) => event.type === type && !this.#used.has(event));
        if (found === undefined) return;
        this.#used.add(found);
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Waits until no call is left: the end of one must not be taken for the end of the next. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.#calls > 0) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Forgets the events so far. */
  forget(): void {
    for (const event of this.events) this.#used.add(event);
    this.events.length = 0;
    for (const file of this.#records()) rmSync(file);
  }

  /** What it heard in finished calls, 16 bits at 8 kHz. */
  heard(): Int16Array {
    const files = this.#records().filter((name) => name.endsWith('-dec.wav'));
    const bytes = Buffer.concat(files.map((file) => readFileSync(file).subarray(44)));
    return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
  }

  async close(): Promise<void> {
    this.#control?.destroy();
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true });
  }

  #records(): readonly string[] {
    const folder = join(this.#folder, 'audio');
    return readdirSync(folder).map((name) => join(folder, name));
  }

  /** JSON in netstrings (ctrl_tcp). */
  #take(data: Buffer): void {
    this.#data = Buffer.concat([this.#data, data]);
    for (;;) {
      const colon = this.#data.indexOf(':');
      const length = Number(this.#data.toString('latin1', 0, Math.max(0, colon)));
      if (colon < 0 || this.#data.length < colon + length + 2) return;
      const message = JSON.parse(this.#data.toString('utf8', colon + 1, colon + 1 + length));
      this.#data = this.#data.subarray(colon + length + 2);
      if (message.event !== true || /RTCP/.test(message.type)) continue;
      this.events.push(message);
      // A phone that is transferred places the new call itself.
      if (/^CALL_(INCOMING|TRANSFER)$/.test(message.type)) this.#calls += 1;
      if (message.type === 'CALL_CLOSED') this.#calls = Math.max(0, this.#calls - 1);
      for (const look of this.#watchers) look();
    }
  }
}

/** ausine needs 48 kHz and two channels. */
function config(folder: string, index: number, tone: number): string {
  mkdirSync(join(folder, 'audio'));
  return [
    'poll_method epoll',
    `sip_listen 127.0.0.1:${SIP + 10 * index}`,
    'net_interface 127.0.0.1',
    `audio_player aubridge,sink${index}`,
    `audio_source ausine,${tone}`,
    `audio_alert aubridge,alert${index}`,
    'ausrc_srate 48000',
    'ausrc_channels 2',
    'auplay_srate 8000',
    'auplay_channels 1',
    `rtp_ports ${20_000 + 100 * index}-${20_098 + 100 * index}`,
    'module_path /usr/lib/baresip/modules',
    ...['g711', 'ausine', 'aubridge', 'sndfile'].map((name) => `module ${name}.so`),
    ...['uuid', 'account'].map((name) => `module_tmp ${name}.so`),
    ...['menu', 'debug_cmd', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen 127.0.0.1:${CONTROL + index}`,
    `snd_path ${join(folder, 'audio')}`,
    'ringback_disabled yes',
    'call_max_calls 4',
    '',
  ].join('\n');
}
