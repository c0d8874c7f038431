import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../house/run.ts';

/** The page for administrators. */
export const ADMINISTRATION = readFileSync(join(ROOT, 'docs', 'administration.md'), 'utf8');

/** Puts the script, the service and the timer of that page where it says they belong; returns their names. */
export function addNightly(root: string): readonly string[] {
  const blocks = ADMINISTRATION.matchAll(
    /^```(?:ini|sh)\n(?:#!.+\n)?# (\/\S*atcom-night\S*?):?( .*)?\n[\s\S]*?^```$/gm,
  );
  return Array.from(blocks, ([block = '', path = '']) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${block.split('\n').slice(1, -1).join('\n')}\n`);
    if (path.startsWith('/usr/local/sbin/')) chmodSync(join(root, path), 0o755);
    return basename(path);
  });
}
