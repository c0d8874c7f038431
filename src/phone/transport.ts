import { perProcess } from '../per-process.ts';
import { type Exchange, type ExchangeRequest, exchange } from '../transport/exchange.ts';

export type { Exchange, ExchangeRequest };

/** Sends one request and returns what is known of it; never throws. */
export type Transport = (request: ExchangeRequest) => Promise<Exchange>;

const state = perProcess<{ chosen?: Transport | undefined }>('transport', () => ({}));

/**
 * Replaces real connections for every request from now on. This is for unit tests, whose usual guards (nock, msw,
 * undici's MockAgent) do not see the sockets of this library. Without an argument, real connections are used again.
 *
 * @example
 * ```ts
 * import { Phone, setTransport } from 'atcom';
 *
 * const paths: string[] = [];
 * setTransport(async ({ path }) => {
 *   paths.push(path);
 *   return { kind: 'answer', status: 200, head: '', body: '' };
 * });
 * const report = await new Phone({ host: '172.16.0.57' }).hangup();
 * console.log(report.outcome); // 'ok'
 * console.log(paths); // ['/cgi-bin/server.cgi?key=ENDCALL']
 * setTransport();
 * ```
 */
export function setTransport(transport?: Transport): void {
  state.chosen = transport;
}

/** Sends a request through the transport that {@link setTransport} chose. */
export const sendRequest: Transport = (request) => (state.chosen ?? exchange)(request);

/** Whether {@link setTransport} chose one. */
export const isReplaced = (): boolean => state.chosen !== undefined;
