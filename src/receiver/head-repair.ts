import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { isOver } from './late-requests.ts';
import { PIECE, Turns } from './turns.ts';

/** No Action URL is longer than 511 characters; what values it grows by is far less than this. */
export const MOST_URL = 8192;

/** The longest head of a request, in bytes. */
export const MOST_HEAD = 32 * 1024;

/** What is kept to tell of a head that is beyond repair. */
const MOST_SHOWN = 500;

/** One whole head that Node's parser takes as it is. */
const SOUND = /^GET \/[!-~]* HTTP\/1\.[01]\r\n(?:[!#$%&'*+.^_`|~\w-]+:[\t -~\x80-\xff]*\r\n)*\r\n$/;

/** A header that says that a body follows. */
const BODY = /\n[ \t]*(?:content-length[ \t]*:(?![ \t]*0+[ \t]*\r?\n)|transfer-encoding[ \t]*:)/i;

/** A header that asks for another protocol, after which Node drops the rest of the packet. Nobody gets another one here. */
const UPGRADE = /\nupgrade:/i;

/** The end of a head: an empty line, whatever its lines end with. */
const END = /\n\r*\n/g;

/** Where the end of a head may begin that has come in part: at its last line end, if nothing else came after that. */
function unendedFrom(held: string): number {
  const last = held.lastIndexOf('\n');
  return last >= 0 && /^\r*$/.test(held.slice(last + 1)) ? last : held.length;
}

/** What may become a head that can be repaired, as far as it has come. */
const OURS = /^(?:G(?:E(?:T(?:[ \t]|$)|$)|$)|$)/i;

/**
 * Repairs the heads of requests in the bytes of one connection, before Node's parser sees them: phones put the name of
 * a caller into the request line as it is, and some write the rest of it in a way of their own. A parser that refuses a
 * line has lost what came before it and gives back its last packet only, so nothing can be repaired afterwards.
 *
 * What is beyond repair, and whatever has a body, is passed on as it came, for the parser or the handler to refuse.
 */
export class HeadRepair {
  /** A head that has not come to its end; later, the begin of one beyond repair. */
  #held = '';
  /** Whether the parser was given the beginning of that; so it limits the time for the rest. */
  #begun = false;
  /** Whether all that follows is passed on as it comes. */
  #through = false;
  /** What came of a head that has no end yet, or the begin of one beyond repair. */
  get held(): string {
    return this.#held;
  }

  /** The same, unless it is beyond repair: who has got that refuses it. */
  get unended(): string {
    return this.#begun && !this.#through ? this.#held : '';
  }

  /**
   * Takes what came, and returns what the parser is to see of it now.
   *
   * @param goesOn - whether more has come already
   */
  push(chunk: Buffer, goesOn = false): Buffer {
    if (this.#through) return chunk;
    const text = chunk.toString('latin1');
    if (this.#held === '' && !goesOn && isSound(text)) return chunk;
    return Buffer.from(this.#take(text, goesOn), 'latin1');
  }

  #take(text: string, goesOn: boolean): string {
    let from = unendedFrom(this.#held);
    let rest = this.#held + text;
    let out = '';
    for (;;) {
      // Line ends between requests; a head that is held does not begin with any.
      rest = rest.replace(/^[\r\n\t ]+/, '');
      END.lastIndex = from;
      const isOurs = OURS.test(rest) && rest.length <= MOST_HEAD;
      const end = isOurs ? END.exec(rest) : null;
      if (isOurs && end === null) break;
      const head = end === null ? undefined : repaired(rest.slice(0, END.lastIndex));
      if (head === undefined) return out + this.#giveUp(rest);
      rest = rest.slice(END.lastIndex);
      out += this.#unbegun(goesOn || /[^\r\n\t ]/.test(rest) ? goingOn(head) : head);
      from = 0;
    }
    return out + this.#hold(rest);
  }

  /** Keeps what has no end yet, and returns what the parser may see of it. */
  #hold(rest: string): string {
    this.#held = rest;
    if (this.#begun || !/^GET[ \t]/i.test(rest)) return '';
    this.#begun = true;
    return 'GET ';
  }

  #giveUp(rest: string): string {
    this.#through = true;
    this.#held = rest.slice(0, MOST_SHOWN);
    return this.#unbegun(rest);
  }

  /** What the parser has not been given yet. */
  #unbegun(head: string): string {
    const left = this.#begun ? head.slice('GET '.length) : head;
    this.#begun = false;
    return left;
  }
}

function isSound(head: string): boolean {
  return head.length <= MOST_HEAD && SOUND.test(head) && !BODY.test(head) && !UPGRADE.test(head);
}

/** The head as the parser takes it; undefined where it is beyond repair. */
function repaired(head: string): string | undefined {
  if (isSound(head)) return head;
  if (BODY.test(head)) return undefined;
  const [line = '', ...fields] = head.split(/(?<!\r)\r*\n/);
  const request = repairedLine(line);
  const sound = fields.flatMap(repairedField);
  return request === undefined ? undefined : [request, ...sound, '', ''].join('\r\n');
}

/** After a request that ends its connection, a parser takes no other one; but here it is. */
function goingOn(head: string): string {
  const ends =
    /\r\nconnection:[ \t]*close/i.test(head) || !/ HTTP\/1\.1\r|\r\nconnection:[ \t]*keep/i.test(head);
  return ends ? head.replace(' HTTP/1.0\r', ' HTTP/1.1\r').replace(/\r\nconnection:[^\r]*/gi, '') : head;
}

/**
 * What is no header says nothing that is needed. One with a name counts, whatever its value: that a proxy brought the
 * request, it says in a line that may begin with what somebody else wrote.
 */
function repairedField(field: string): readonly string[] {
  const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+)[ \t]*:(.*)$/s.exec(field) ?? [];
  if (name === undefined || /^upgrade$/i.test(name)) return [];
  return [`${name}:${value.replace(/[^\t -~\x80-\xff]/g, '?')}`];
}

/** `GET /incomingCallUrl.xml?display_remote=John Doe http/1.1 `: what stands between method and version is the URL. */
function repairedLine(line: string): string | undefined {
  const written = trimmed(line.slice('GET'.length));
  const version = /(?:^|[ \t])HTTP\/(\S*)$/i.exec(written);
  const target = trimmed(written.slice(0, version?.index));
  // Where there is no version there is no other either: what old clients write.
  if (!/^(?:1\.[01]|)$/.test(version?.[1] ?? '')) return undefined;
  if (target === '' || target.length > MOST_URL || /[\0\r]/.test(target)) return undefined;
  const path = /^(?:\/|[a-z][a-z\d+.-]*:\/\/)/i.test(target) ? target : `/${target}`;
  return `GET ${path.replace(/[^!-~]/g, escaped)} HTTP/${version?.[1] || '1.0'}`;
}

/** Blanks only: other white space of JavaScript is part of a letter here. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isBlank(text.charCodeAt(from))) from += 1;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function escaped(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** What came of the head of each connection. */
export interface Heads {
  /** Of one that has no end yet, or is beyond repair. */
  readonly held: (socket: Socket) => string;
  /** Of one that was begun, and may still come to its end. */
  readonly unended: (socket: Socket) => string;
  /** Whether anything but line ends has come, and had its turn. */
  readonly isBegun: (socket: Socket) => boolean;
  /** Whether more has come, for which it is not its turn yet. */
  readonly waits: (socket: Socket) => boolean;
  /** Settles when all that has come by now was given to the parser; with false if others keep it from that. */
  readonly passed: () => Promise<boolean>;
}

/**
 * Puts a repair between every connection of a server and its parser.
 *
 * @param connected - the event of a new connection, `secureConnection` where it is one of TLS
 */
export function repairHeads(server: Server, connected: 'connection' | 'secureConnection'): Heads {
  const repairs = new WeakMap<Socket, HeadRepair>();
  /** Those of which the parser has got something. */
  const begun = new WeakSet<Socket>();
  const turns = new Turns();
  server.on(connected, (socket: Socket) => {
    const repair = new HeadRepair();
    repairs.set(socket, repair);
    // The server listens already; what it gets now comes through here. With its own listener for data gone, Node stops
    // to read past us, directly from the system.
    for (const parse of socket.listeners('data')) {
      socket.off('data', parse as (chunk: Buffer) => void);
      const isOpen = () => !isOver(socket) && socket.writable;
      // Node, too, pauses it, until its answers are read.
      const mayGoOn = (bytes: number) => !socket.isPaused() && !turns.isOver(socket, bytes);
      const give = (piece: Buffer, goesOn: boolean) => {
        const bytes = repair.push(piece, goesOn);
        if (bytes.length === 0) return;
        begun.add(socket);
        parse.call(socket, bytes);
      };
      socket.on('data', (chunk: Buffer) => {
        for (let from = 0; from < chunk.length && isOpen(); from += PIECE) {
          // Whatever resumes it, this comes first, and before its end.
          if (!mayGoOn(chunk.length)) return void socket.unshift(chunk.subarray(from));
          const goesOn = from + PIECE < chunk.length || socket.readableLength > 0;
          const piece = chunk.subarray(from, from + PIECE);
          give(piece, goesOn);
          turns.noteRead(socket, piece.length, goesOn);
        }
      });
    }
  });
  return {
    held: (socket) => repairs.get(socket)?.held ?? '',
    unended: (socket) => repairs.get(socket)?.unended ?? '',
    isBegun: (socket) => begun.has(socket),
    waits: (socket) => turns.isWaiting(socket),
    passed: () => turns.passed(),
  };
}
