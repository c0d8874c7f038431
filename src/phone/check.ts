import { AtcomError } from '../errors.ts';
import { parseModel } from '../protocol/models.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { VerbCall } from '../protocol/verbs.ts';

/** The longest delay of a Node timer, in milliseconds; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Refuses settings that types alone cannot exclude, before anything is sent: a timeout that ends every request at once
 * would press every key and learn no outcome.
 *
 * @throws {AtcomError} `usage`, `unknown-model`
 */
export function checkSettings({ host, model, timeout, delay, port }: PhoneSettings): void {
  if (typeof host !== 'string' || host === '') {
    throw wrong('host', host, 'give the address of the phone, such as 172.16.0.57');
  }
  if (model !== undefined) parseModel(String(model));
  if (timeout !== undefined && !(isUsable(timeout) && timeout >= 1 && timeout <= LONGEST)) {
    throw wrong('timeout', timeout, `give milliseconds, from 1 to ${LONGEST}`);
  }
  if (delay !== undefined && !(isUsable(delay) && delay >= 0 && delay <= LONGEST)) {
    throw wrong('delay', delay, `give milliseconds, from 0 to ${LONGEST}`);
  }
  if (port !== undefined && !(isUsable(port) && port >= 1 && port <= 65_535)) {
    throw wrong('port', port, 'give a number from 1 to 65535');
  }
}

/**
 * Refuses a number that is not a string: JavaScript reads `0049` as another number.
 *
 * @throws {AtcomError} `invalid-number`
 */
export function checkNumber(call: VerbCall): void {
  if (!('number' in call) || typeof call.number === 'string') return;
  const [input, hint] = [String(call.number), 'give it as a string, such as "6002"'];
  throw new AtcomError('invalid-number', { input, reason: 'it is no string', hint });
}

function isUsable(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function wrong(setting: string, value: unknown, hint: string): AtcomError {
  return new AtcomError('usage', { reason: `${setting}: ${String(value)} is not usable`, hint });
}
