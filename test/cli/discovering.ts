import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { sendRequest, type Transport } from '../../src/phone/index.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

/** Virtual phones that ask before they obey, at an address. */
export async function phone(host: string, options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ host, ...options });
  onTestFinished(() => simulator.close());
  const port = Number(simulator.phones[0]?.host.split(':')[1]);
  const untouched = () => {
    expect(simulator.state('6001').presses).toBe(0);
    expect(simulator.lcd('6001').join('\n')).not.toContain('Allow Remote Control?');
  };
  return { port, untouched };
}

/** A server of a test, at an address. */
export async function serving(server: Server, host: string, port = 0): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export const web = (host: string, port: number, answer: RequestListener) =>
  serving(createServer(answer), host, port);
export const titled = (title: string): RequestListener => {
  return (req, res) => res.writeHead(req.url === '/' ? 200 : 404).end(`<title>${title}</title>`);
};

/** Searches, and sees to it that nothing but this computer is asked and no key is pressed. */
export async function discover(words: readonly string[], options: RunOptions = {}) {
  const asked: string[] = [];
  const timeouts: number[] = [];
  const transport: Transport = (request) => {
    timeouts.push(request.timeout);
    asked.push(
      `${request.endpoint.scheme}://${request.endpoint.host}:${request.endpoint.port}${request.path}`,
    );
    return sendRequest(request);
  };
  const result = await run(['discover', ...words], { transport, ...options });
  for (const url of asked) {
    expect(url).toMatch(/^https?:\/\/127\.\d+\.\d+\.\d+:\d+\//);
    expect(url).not.toMatch(/[?;]|server\.cgi/);
  }
  return { ...result, asked, timeouts };
}

/** What a config makes of text that was pasted into it. */
export async function pasted(yaml: string) {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'atcom.config.yaml'), yaml);
  return loadConfig({ cwd, env: { HOME: cwd }, userFolder: join(cwd, 'user'), uid: process.geteuid?.() });
}
