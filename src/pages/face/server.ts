import { find, setText } from '../parts/element.ts';
import type { FaceAction } from './data.ts';

/** Why the last thing that was asked for did not happen; empty when it did. */
export function complain(reason: string): void {
  setText(find('link'), reason);
}

/** Asks the phone for something. @throws {Error} with the phone's own words when it refuses */
export async function ask(path: string, body?: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(path, sent);
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(text);
  return text;
}

/** What a person does at a phone. */
export function act(phone: string, action: FaceAction): void {
  ask('/_sim/press', { phone, ...action }).then(
    () => complain(''),
    (error) => complain(`This did not reach the phone: ${error.message}`),
  );
}
