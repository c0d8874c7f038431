import { createServer, type Server } from 'node:http';
import { AtcomError } from '../errors.ts';
import { hostText, originOf } from '../protocol/command-url.ts';
import type { Model } from '../protocol/models.ts';
import { type Desk, newDesk } from './desk.ts';
import { newExchange } from './exchange.ts';
import { newHandler, type PromptReply } from './handler.ts';
import type { Happening } from './happenings.ts';
import type { PhoneSnapshot } from './snapshot.ts';

/** How the virtual phones are; what the document leaves open is a switch here. */
export interface SimulatorOptions {
  /** How many phones, 1 by default. */
  readonly phones?: number | undefined;
  /** Models, one for each phone, the last one repeats; `['A48']` by default. */
  readonly models?: readonly Model[] | undefined;
  /** The address to bind, `127.0.0.1` by default. */
  readonly host?: string | undefined;
  /** The port of the first phone, the others follow; 0, the default, is any free port for each. */
  readonly port?: number | undefined;
  /** The allow list of the phone's page, `any` by default; `[]` is remote control switched off. */
  readonly allow?: 'any' | readonly string[] | undefined;
  /** What goes on the wire while the phone asks, and to an address not listed; 403 by default. */
  readonly promptReply?: PromptReply | undefined;
  /** Listed addresses need no prompt; false by default. */
  readonly approved?: boolean | undefined;
  /** Milliseconds before each answer, 0 by default. */
  readonly latency?: number | undefined;
  /** Called after every press with each thing that happened, for a log. */
  readonly onHappening?: ((happening: Happening) => void) | undefined;
}

/** A virtual phone and where it listens. */
export interface VirtualPhone {
  /** `virtual-1` */
  readonly name: string;
  /** `6001` */
  readonly extension: string;
  readonly model: Model;
  /** `127.0.0.1:7001` */
  readonly host: string;
  /** `http://127.0.0.1:7001` */
  readonly url: string;
}

/** Virtual phones that can call each other, over real HTTP. */
export interface Simulator {
  readonly phones: readonly VirtualPhone[];
  /** The lines of a phone's display. */
  lcd(extension: string): readonly string[];
  state(extension: string): PhoneSnapshot;
  /** The person at the phone answers "Allow Remote Control?"; false when it does not show. */
  answerPrompt(extension: string, press: 'save' | 'cancel'): boolean;
  /** Closes every port and every connection. */
  close(): Promise<void>;
}

/**
 * Starts virtual phones.
 *
 * @throws {AtcomError} `port-unavailable`, with nothing left listening; `usage` for a count that is none
 * @example
 * ```ts
 * import { startSimulator } from 'atcom';
 * const simulator = await startSimulator({ phones: 2, approved: true });
 * await fetch(`${simulator.phones[0]?.url}/cgi-bin/server.cgi?key=6002;DIAL`);
 * simulator.state('6002').state; // 'ringing'
 * await simulator.close();
 * ```
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, promptReply = 403, latency = 0 } = options;
  const desks = newDesks(options);
  const servers: Server[] = [];
  const phones: VirtualPhone[] = [];
  try {
    for (const [index, desk] of desks.entries()) {
      const server = createServer(newHandler(desk, { promptReply, latency }));
      const bound = await listen(server, host, port === 0 ? 0 : port + index);
      servers.push(server);
      phones.push(virtualPhone(index, desk, host, bound));
    }
  } catch (error) {
    await closeAll(servers);
    throw error;
  }
  const byExtension = new Map(desks.map((desk) => [desk.phone.extension, desk]));
  const deskOf = (extension: string): Desk => {
    const desk = byExtension.get(extension);
    if (desk !== undefined) return desk;
    throw new AtcomError('unknown-phone', {
      input: extension,
      suggestions: [],
      names: [...byExtension.keys()],
    });
  };
  let closed: Promise<void> | undefined;
  return {
    phones,
    lcd: (extension) => deskOf(extension).lcd(),
    state: (extension) => deskOf(extension).snapshot(),
    answerPrompt: (extension, press) => deskOf(extension).answerPrompt(press),
    close: () => {
      closed ??= closeAll(servers);
      return closed;
    },
  };
}

function newDesks({
  phones = 1,
  models = [],
  allow = 'any',
  approved = false,
  onHappening,
}: SimulatorOptions) {
  if (!Number.isInteger(phones) || phones < 1 || phones > MOST_PHONES) {
    throw new AtcomError('usage', {
      reason: `${phones} virtual phones cannot be started`,
      hint: `give a number from 1 to ${MOST_PHONES}`,
    });
  }
  const exchange = newExchange(
    Array.from({ length: phones }, (_, index) => models[index] ?? models.at(-1) ?? 'A48'),
  );
  const shared = { allow, approved, now: () => new Date(), onHappening: onHappening ?? (() => undefined) };
  return [...exchange.phones.values()].map((phone) => newDesk(exchange, phone, shared));
}

/** Each takes a port; more of them are a slip of the finger. */
const MOST_PHONES = 1000;

function virtualPhone(index: number, { phone }: Desk, host: string, port: number): VirtualPhone {
  const endpoint = { scheme: 'http', host, port } as const;
  return {
    name: `virtual-${index + 1}`,
    extension: phone.extension,
    model: phone.model,
    host: hostText(endpoint),
    url: originOf(endpoint),
  };
}

/** What the reasons that people meet are called; others by their code. */
const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use',
  EACCES: 'no permission for this port',
  EADDRNOTAVAIL: 'this computer has no such address',
  ERR_SOCKET_BAD_PORT: 'a port is a number from 0 to 65535',
};

/** Listens, and says on which port. */
function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  }).catch((cause: NodeJS.ErrnoException) => {
    const reason = REASONS[cause.code ?? ''] ?? cause.code ?? cause.message;
    throw new AtcomError('port-unavailable', { address: `${host}:${port}`, reason }, { cause });
  });
}

/** Also ends connections that hang on purpose. */
async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    ),
  );
}
