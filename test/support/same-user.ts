import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What listeners of the user that tests play know of each other. */
export const SECRET = 'f'.repeat(64);

/** Lets a program that runs with this home believe receivers that know {@link SECRET}, and be believed by them. */
export function shareListeners(home: string): void {
  const folder = join(home, '.local', 'state', 'atcom');
  const file = join(folder, 'listener-secret');
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, SECRET, { mode: 0o600 });
}
