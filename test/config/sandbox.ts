import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type Config, type ConfigContext, loadConfig } from '../../src/config/index.ts';
import { type AnyAtcomError, isAtcomError } from '../../src/errors.ts';
import { newFolder } from '../support/folder.js';

/** A folder of its own for a test: `project` is where the user stands, `user` holds the user's config. */
export interface Sandbox {
  readonly root: string;
  readonly project: string;
  readonly user: string;
  path(name: string): string;
  write(name: string, text: string): void;
  context(more?: Partial<ConfigContext>): ConfigContext;
  load(more?: Partial<ConfigContext>): Promise<Config>;
}

/** Names like `project/atcom.config.yaml` and `user/config.yaml`, with their texts. */
export function sandbox(files: Readonly<Record<string, string>> = {}): Sandbox {
  const root = realpathSync(newFolder('config'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const path = (name: string) => join(root, name);
  for (const folder of ['project', 'user']) mkdirSync(path(folder));
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    // Some hold passwords, which nobody else may read.
    writeFileSync(path(name), text, { mode: 0o600 });
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  const context = ({ env, ...more }: Partial<ConfigContext> = {}): ConfigContext => ({
    cwd: path('project'),
    userFolder: path('user'),
    systemFile: path('system.yaml'),
    uid: process.geteuid?.(),
    ...more,
    // The search ends here, whatever lies about in the folders above.
    env: { HOME: root, ...env },
  });
  return {
    root,
    project: path('project'),
    user: path('user'),
    path,
    write,
    context,
    load: (more) => loadConfig(context(more)),
  };
}

/** The expected failure of a promise. */
export async function failure(promise: Promise<unknown>): Promise<AnyAtcomError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isAtcomError(error)) throw error ?? new Error('it did not fail');
  return error;
}

/** The problems of a project file with this text. */
export async function problemsOf(text: string, file = 'atcom.config.yaml'): Promise<readonly string[]> {
  const error = await failure(sandbox({ [`project/${file}`]: text }).load());
  if (error.code !== 'invalid-config') throw error;
  expect(error.exitCode).toBe(2);
  return error.details.problems;
}
