import { find, setText } from '../parts/element.ts';
import type { FaceAction } from './data.ts';

/** Sends a request to the phone. @throws {Error} with the phone's own message if it refuses */
export async function ask(path: string, body?: unknown): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(path, sent);
  const text = (await response.text()).trim();
  if (!response.ok) throw new Error(text);
  return text;
}

/** Performs an action at a phone. */
export function act(phone: string, action: FaceAction): void {
  ask('/_sim/press', { phone, ...action }).then(
    () => setText(find('trouble'), ''),
    (error) => setText(find('trouble'), `This did not reach the phone: ${error.message}`),
  );
}
