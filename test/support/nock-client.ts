import { get } from 'node:http';
import { Dispatcher } from 'undici';
import type { Transport } from '../../src/phone/index.ts';
import { originOf } from '../../src/protocol/command-url.ts';
import { exchange } from '../../src/transport/exchange.ts';

/**
 * A dispatcher over node:http, which nock can see: it intercepts node:http and the global fetch, not undici's own
 * sockets. So tests can use the addresses in the vendor's document without a packet leaving the machine.
 */
class HttpDispatcher extends Dispatcher {
  readonly #origin: string;

  constructor(origin: string) {
    super();
    this.#origin = origin;
  }

  override dispatch(
    { path, headers }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const controller = {
      aborted: false,
      paused: false,
      reason: null,
      rawHeaders: null,
      rawTrailers: null,
    } as never;
    const fields = headers as Record<string, string>;
    const request = get(this.#origin + path, { headers: fields }, (response) => {
      handler.onResponseStart?.(controller, response.statusCode ?? 0, {}, response.statusMessage);
      response.on('data', (chunk: Buffer) => handler.onResponseData?.(controller, chunk));
      response.on('end', () => handler.onResponseEnd?.(controller, {}));
    });
    request.on('error', (error) => handler.onResponseError?.(controller, error));
    return true;
  }

  override destroy(): Promise<void> {
    return Promise.resolve();
  }
}

/** Sends requests where nock can answer them. */
export const throughNock: Transport = (request) =>
  exchange(request, (endpoint) => {
    const dispatcher = new HttpDispatcher(originOf(endpoint));
    return { dispatch: dispatcher.dispatch.bind(dispatcher), close: () => undefined };
  });
