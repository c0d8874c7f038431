import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Real PBXes on this computer, started by .ci/interop in the same way as by examples/pbx/pbx. */
const asked = process.env['ATCOM_INTEROP'] !== undefined;

function isThere(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Tests against external programs: run by .ci/interop, where all of them must be installed. */
export function interop(name: string, tests: () => void): void {
  if (asked) {
    describe(name, tests);
    return;
  }
  const missing = ['kamailio', 'baresip', 'sipp'].find((tool) => !isThere(tool));
  const why = missing === undefined ? '.ci/interop runs it' : `no ${missing}`;
  it(`interop: not run (${why})`, () => {
    process.stdout.write(`interop: not run (${why}): ${name}\n`);
    expect(asked).toBe(false);
  });
}
