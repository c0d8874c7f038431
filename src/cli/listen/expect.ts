import type { EventName } from '../../protocol/events.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { resolveTargets } from '../../targets/resolve.ts';
import type { Context } from '../context.ts';
import { eventText } from '../output/render.ts';

/** `atcom expect` as plain data. */
export interface Expecting {
  readonly kind: 'expect';
  readonly event: EventName;
  readonly options: {
    /** Milliseconds. */
    readonly within?: number;
    readonly to?: readonly string[];
    readonly where?: readonly string[];
    readonly host?: string;
    readonly port?: number;
  };
}

/** Waits for an event of a phone, and prints it. */
export async function expectEvent(context: Context, step: Expecting): Promise<void> {
  const { within, host, port } = step.options;
  const { where, targets } = await readFilter(context, step);
  const phones = targets?.flatMap(({ name, host: address }) =>
    name === undefined ? [address] : [name, address],
  );
  // One time for all of it, whoever has the port.
  const begun = performance.now();
  const listening = await context.listen({ host, port, phones: targets, within });
  try {
    const { signal, output, exit } = context;
    const found = await listening.hub.waitFor(step.event, { within, begun, phones, where, signal });
    const value = { ...documentHead('expect'), event: found };
    output.result(value, (paint) => eventText(found, paint));
    exit(0);
  } finally {
    await listening.close();
  }
}

/**
 * Validates a step for later, without listening.
 *
 * @throws {AtcomError} the codes of bad input
 */
export async function checkExpect(context: Context, step: Expecting): Promise<void> {
  await readFilter(context, step);
}

async function readFilter(context: Context, { options: { to, where = [] } }: Expecting) {
  const { parseWhere } = await import('../../receiver/index.ts');
  const patterns = parseWhere(where);
  const targets = to === undefined ? undefined : resolveTargets({ to }, await context.config()).phones;
  return { where: patterns, targets };
}
