import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startSimulator } from '../../src/simulator/index.ts';
import { emptyFolder } from './run.ts';

/** Virtual phones lab-001 … of a config, in a folder. */
export async function lab(count: number, more = '') {
  const simulator = await startSimulator({ phones: count, approved: true });
  onTestFinished(() => simulator.close());
  const cwd = emptyFolder();
  const name = (index: number) => `lab-${String(index + 1).padStart(3, '0')}`;
  const phones = simulator.phones.map(({ host }, index) => `  ${name(index)}: "${host}"\n`);
  writeFileSync(join(cwd, 'atcom.config.yaml'), `${more}phones:\n${phones.join('')}`);
  const presses = () => simulator.phones.map(({ extension }) => simulator.state(extension).presses);
  return { simulator, cwd, presses };
}
