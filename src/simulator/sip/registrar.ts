import { secondsOf } from './message.ts';
import { ALLOW } from './methods.ts';
import type { IncomingResponseMessage, OutgoingRequestMessage, UserAgent } from './sipjs.ts';

/** The status of a request that nobody has answered. */
export const NO_ANSWER = 408;

/** What the registrar has decided. */
export interface RegistrarDecision {
  readonly status: number;
  /** Whether anything is registered. */
  readonly holdsAny: boolean;
  /** How long it keeps the registration, in seconds. */
  readonly expires?: number | undefined;
  /** The shortest time for which it registers a phone, in seconds. */
  readonly shortest?: number | undefined;
}

/** Sends REGISTER: always with the same Call-ID, and with the next CSeq (RFC 3261, 10.2). */
export class Registrar {
  readonly #agent: UserAgent;
  #last: OutgoingRequestMessage | undefined;

  constructor(agent: UserAgent) {
    this.#agent = agent;
  }

  /** Asks what is registered, and changes nothing (RFC 3261, 10.2.3). */
  query(): Promise<RegistrarDecision> {
    return this.#ask([]);
  }

  removeAll(): Promise<RegistrarDecision> {
    return this.#ask(['Contact: *', 'Expires: 0']);
  }

  /** @param seconds - 0 ends the registration */
  register(seconds: number): Promise<RegistrarDecision> {
    const contact = this.#agent.contact.toString({ register: true });
    return this.#ask([`Contact: ${contact};expires=${seconds}`, ALLOW]);
  }

  #ask(headers: string[]): Promise<RegistrarDecision> {
    const { userAgentCore: core, configuration } = this.#agent;
    const registrar = configuration.uri.clone();
    registrar.user = undefined;
    const { callId = '', fromTag = '', cseq = 0 } = this.#last ?? {};
    const options = { callId, fromTag, cseq: cseq + 1 };
    const { uri } = configuration;
    this.#last = core.makeOutgoingRequestMessage('REGISTER', registrar, uri, uri, options, headers);
    return new Promise((resolve) => {
      const decide = ({ message }: { readonly message: IncomingResponseMessage }) =>
        resolve(this.#read(message));
      core.register(this.#last as OutgoingRequestMessage, {
        onAccept: decide,
        onReject: decide,
        onRedirect: decide,
      });
    });
  }

  #read(message: IncomingResponseMessage): RegistrarDecision {
    const { host, port } = this.#agent.contact.uri;
    const contacts = message.getHeaders('contact');
    const own = contacts
      .map((_, index) => message.parseHeader('contact', index))
      .find((contact) => contact?.uri.host === host && contact.uri.port === port);
    return {
      status: message.statusCode ?? NO_ANSWER,
      holdsAny: contacts.length > 0,
      expires: secondsOf(own?.getParam('expires') ?? message.getHeader('expires')),
      shortest: secondsOf(message.getHeader('min-expires')),
    };
  }
}
