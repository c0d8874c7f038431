import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startReceiver } from '../../src/receiver/index.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { SECRET } from '../support/same-user.ts';
import { emptyFolder, type RunOptions, run } from './run.ts';

/** A folder with files, and `atcom test` in it. */
export function folderWith(files: Readonly<Record<string, string>>) {
  const cwd = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  const atcom = (words: string, options: RunOptions = {}) =>
    run(['test', ...words.split(' ')], { cwd, ...options });
  return { cwd, atcom };
}

/** A scenario of two virtual phones. */
export function scenario(steps: string, more = ''): string {
  return `name: call\nphones: { a: virtual, b: virtual }\ndefaults: { within: 2s }\n${more}\nsteps:\n${steps
    .split('\n')
    .map((step) => `  - ${step}\n`)
    .join('')}`;
}

/**
 * Phones of a config that are no virtual ones to the program: reception, lobby and lab, in this order, with the numbers
 * 6001 to 6003, and a listener that hears them.
 */
export async function realPhones(options: SimulatorOptions = {}) {
  const receiver = await startReceiver({ port: 0, secret: SECRET });
  onTestFinished(() => receiver.close());
  const simulator = await startSimulator({
    phones: 3,
    approved: true,
    actionUrl: receiver.url,
    ...options,
  });
  onTestFinished(() => simulator.close());
  const names = ['reception', 'lobby', 'lab'];
  const phones = simulator.phones.map(
    ({ host, extension, model }, index) =>
      `  ${names[index]}: { host: "${host}", extension: "${extension}", model: ${model} }\n`,
  );
  // The listener of the test, to which the program attaches, has the port of the config.
  const config = `listener: { port: ${receiver.port} }\nphones:\n${phones.join('')}`;
  const press = async (index: number, key: string) => {
    await fetch(`${simulator.phones[index]?.url}/cgi-bin/server.cgi?key=${key}`);
  };
  return { receiver, simulator, config, press };
}
