import type { SipAccount, SipIdentity } from './account.ts';
import { Digest } from './digest.ts';
import type { Hop, MessageGate } from './message.ts';
import type { Passwords } from './passwords.ts';
import { type Invitation, type Session, SIPExtension, type URI, UserAgent } from './sipjs.ts';
import { TcpTransport } from './tcp.ts';
import { UdpTransport } from './udp.ts';

/** What a line gives its user agent, and wants to hear of it. */
export interface AgentOptions {
  readonly account: SipAccount;
  readonly identity: SipIdentity;
  readonly uri: URI;
  /** The address of this computer that faces the PBX. */
  readonly local: string;
  /** Where the PBX is, as an address. */
  readonly next: Hop;
  readonly gate: MessageGate;
  readonly passwords: Passwords;
  /** Whether this call is still meant. */
  readonly isWanted: (callId: string) => boolean;
  newMedia(session: Session): unknown;
  onInvite(invitation: Invitation): void;
  /** The connection to the PBX was lost. */
  onLost(reason: string): void;
}

/** sip.js for one account: our transports, Digest and audio in it. */
export function newAgent({
  account,
  identity,
  uri,
  local,
  next,
  gate,
  passwords,
  ...line
}: AgentOptions): UserAgent {
  const { number } = identity;
  const { password, user = number, transport = 'udp', ca } = account;
  const { host } = identity.next;
  const servername = /^[\d.]+$|:/.test(host) ? {} : { servername: host };
  const tls = transport === 'tls' ? { tls: { ...servername, ...(ca === undefined ? {} : { ca }) } } : {};
  const agent: UserAgent = new UserAgent({
    uri,
    displayName: `Virtual ${number}`,
    viaHost: local.includes(':') ? `[${local}]` : local,
    contactName: number,
    contactParams: {},
    forceRport: true,
    logBuiltinEnabled: false,
    userAgentString: 'atcom-sim',
    sipExtensionReplaces: SIPExtension.Supported,
    // A phone that is on DND must not ring, so it is the handset that rings.
    sendInitialProvisionalResponse: false,
    noAnswerTimeout: 86_400,
    transportConstructor: transport === 'udp' ? UdpTransport : TcpTransport,
    transportOptions: { host: local, next, gate, ...tls },
    sessionDescriptionHandlerFactory: (session) => line.newMedia(session) as never,
    delegate: {
      // A stranger could make the phone answer, and then call somebody with the account.
      onInvite: (invitation) => {
        const transport = agent.transport as UdpTransport | TcpTransport;
        if (transport.isFromPbx(invitation.request.viaBranch)) line.onInvite(invitation);
        else invitation.reject({ statusCode: 403 }).catch(() => undefined);
      },
      // A connection that is made anew has another port.
      onConnect: () => {
        const { port } = agent.transport as unknown as { readonly port: number };
        agent.contact.uri.port = port;
        if (transport !== 'udp') agent.contact.uri.setParam('transport', transport);
      },
      onDisconnect: (error) => {
        if (error !== undefined) line.onLost(error.message);
      },
    },
  });
  const { configuration } = agent.userAgentCore as unknown as {
    readonly configuration: { authenticationFactory: () => unknown };
  };
  const { isWanted } = line;
  configuration.authenticationFactory = () => new Digest({ user, password, passwords, isWanted });
  return agent;
}
