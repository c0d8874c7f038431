import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The secret that listeners of the tests' user share. */
export const SECRET = 'f'.repeat(64);

/** Makes a program with this home trust receivers that know {@link SECRET}, and be trusted by them. */
export function shareListeners(home: string): void {
  const folder = join(home, '.local', 'state', 'atcom');
  const file = join(folder, 'listener-secret');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, SECRET, { mode: 0o600 });
}
