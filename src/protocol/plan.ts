import { commandPath, originOf } from './command-url.ts';
import { type Sequence, wireRequests } from './sequence.ts';
import { endpointOf, type PhoneSettings } from './settings.ts';

/** One GET of a plan: its URL, the path and the value of `key=` in it, and the pause before it in milliseconds. */
export interface PlannedRequest {
  readonly after: number;
  readonly key: string;
  readonly path: string;
  readonly url: string;
}

/**
 * The exact requests that press a sequence on one phone, without sending them.
 *
 * @throws {AtcomError} `invalid-address`
 * @example
 * ```ts
 * import { parseSequence, planRequests } from 'atcom';
 * planRequests({ host: '172.16.0.57' }, parseSequence(['HOLD']))[0].url;
 * // 'http://172.16.0.57/cgi-bin/server.cgi?key=HOLD'
 * ```
 */
export function planRequests(settings: PhoneSettings, sequence: Sequence): readonly PlannedRequest[] {
  const endpoint = endpointOf(settings);
  const origin = originOf(endpoint);
  return wireRequests(sequence, settings).map(({ after, key }) => {
    const path = commandPath(endpoint.path, key);
    return { after, key, path, url: origin + path };
  });
}
