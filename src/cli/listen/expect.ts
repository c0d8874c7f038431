import { AtcomError, isAtcomError } from '../../errors.ts';
import type { EventName } from '../../protocol/events.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { whyUnknown } from '../../protocol/unknown-sender.ts';
import type { Context } from '../context.ts';
import type { TargetOptions } from '../options.ts';
import { eventText } from '../output/render.ts';
import { namesOf, selectReporters } from '../press/targets.ts';

/** `atcom expect` as plain data. */
export interface Expecting {
  readonly kind: 'expect';
  readonly event: EventName;
  readonly options: TargetOptions & {
    /** Milliseconds. */
    readonly within?: number;
    readonly where?: readonly string[];
    readonly host?: string;
    readonly port?: number;
  };
}

/** Waits for an event of a phone, and prints it. */
export async function expectEvent(context: Context, step: Expecting): Promise<void> {
  const { within, host, port } = step.options;
  const { where, targets } = await readFilter(context, step);
  const phones = targets && namesOf(targets);
  // One timeout for everything, whoever owns the port.
  const begun = performance.now();
  const listening = await context.listen({ host, port, phones: targets, within });
  const { hub } = listening;
  try {
    const { signal, output, exit } = context;
    const found = await hub.waitFor(step.event, { within, begun, phones, where, signal });
    const value = { ...documentHead('expect'), event: found };
    output.result(value, (paint) => eventText(found, paint));
    exit(0);
  } catch (error) {
    const isWhole = targets?.every((phone) => hub.isWhole(namesOf([phone]))) ?? hub.isWhole();
    if (isWhole || !isAtcomError(error) || error.code !== 'no-event') throw error;
    // That it was not reported is known only where no event can have been lost.
    const reason = 'the listener was lost meanwhile';
    throw new AtcomError('unwatched', { events: [step.event], reason, keyless: true }, { cause: error });
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

async function readFilter(context: Context, { options }: Expecting) {
  const { parseWhere } = await import('../../receiver/index.ts');
  const where = parseWhere(options.where ?? []);
  const targets = await selectReporters(context, options);
  const unknown = whyUnknown(targets ?? []);
  if (unknown !== undefined) throw unknown;
  return { where, targets };
}
