import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { type Ended, ROOT, run } from '../house/run.ts';
import { newFolder } from '../support/folder.js';
import { type Going, start } from './going.ts';

/** A folder tree with nothing in it but a program and what it is linked to: no Node, no npm, no checkout. */
export class BareTree {
  readonly root = newFolder('tree');

  constructor(program: string) {
    afterAll(() => rmSync(this.root, { recursive: true, force: true }));
    for (const folder of ['tmp', 'home']) mkdirSync(join(this.root, folder));
    this.add(program, 'atcom');
    const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
    for (const [library] of linked.matchAll(/\/\S+/g)) this.add(library, library);
  }

  /** Copies a file of this machine, or of the checkout, into the tree. */
  add(from: string, to: string): void {
    const target = join(this.root, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(from.startsWith('/') ? '' : ROOT, from), target, { dereference: true, recursive: true });
  }

  /** Runs the program with these words and no other environment than given. */
  atcom(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return run('/usr/sbin/chroot', [this.root, '/atcom', ...words], { env: { HOME: '/home', ...env } });
  }

  /** Starts the program and lets it run. */
  start(...words: string[]): Going {
    return start(this.root, ['/atcom', ...words]);
  }
}
