import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { AtcomError } from '../errors.ts';
import { refusal } from '../offline.ts';
import { type Endpoint, hostText, portOf } from '../protocol/command-url.ts';
import { formatDuration } from '../protocol/duration.ts';
import { networkReason } from '../protocol/network-reasons.ts';
import { OUTCOMES } from '../protocol/outcomes.ts';
import { scarcityOf } from '../transport/handles.ts';
import { addressesOf, ownAddressTowards } from '../transport/route.ts';
import { type Finding, ok, problem } from './finding.ts';
import { limit } from './route.ts';
import { type Look, type Subject, timeoutOf, unlessInterrupted } from './subject.ts';

const { exitCode: UNREACHABLE } = OUTCOMES.unreachable;

/** Whether the name resolves. */
export const checkName: Look = async (subject, facts) => {
  const { host } = subject.endpoint;
  if (refusal(host, portOf(subject.endpoint)) !== undefined) {
    const { exitCode, message, hint } = new AtcomError('offline', { host: hostText(subject.endpoint) });
    return [problem('name', exitCode, message, hint)];
  }
  const family = isIP(host);
  if (family !== 0) {
    facts.addresses = [{ address: host, family }];
    return [ok('name', `${host} is an address`)];
  }
  try {
    const addresses = await addressesOf(host, limit(subject.signal, timeoutOf(subject)));
    facts.addresses = addresses;
    return [ok('name', `${host} is ${addresses.map(({ address }) => address).join(', ')}`)];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOTFOUND' ? 'the name is unknown' : 'the name server did not answer';
    return unlessInterrupted(subject, 'name', () =>
      problem(
        'name',
        UNREACHABLE,
        `${host}: ${reason}`,
        'check the spelling, or use the address of the phone',
      ),
    );
  }
};

/** The address of this computer that the phone sees, which belongs on its allow list. */
export const checkRoute: Look = async ({ endpoint }, facts) => {
  const [first] = facts.addresses ?? [];
  try {
    facts.own = first === undefined ? undefined : await ownAddressTowards(first, portOf(endpoint));
    const message = `this computer is ${facts.own} to the phone, unless NAT in between gives it another address`;
    return [ok('route', message)];
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (scarcityOf(error) !== undefined) return [noHandles('route', endpoint, code)];
    const remedy = 'check the network of this computer: cable, VPN, the subnet of the phone';
    return [problem('route', UNREACHABLE, `there is no route to ${first?.address} (${code})`, remedy)];
  }
};

/** Whether the phone's web server accepts connections; sends nothing. */
export const checkPort: Look = async (subject, facts) => {
  const { endpoint, signal } = subject;
  const port = portOf(endpoint);
  const within = limit(signal, timeoutOf(subject));
  const socket = connect({ host: endpoint.host, port });
  try {
    await once(socket, 'connect', { signal: within });
    // The address that the connection used counts more than the routing table.
    facts.own = socket.localAddress ?? facts.own;
    return [ok('port', `port ${port} accepts connections`)];
  } catch (error) {
    return unlessInterrupted(subject, 'port', () => portProblem(subject, port, error, within.aborted));
  } finally {
    socket.destroy();
  }
};

/** This computer has no handle left, which says nothing about the phone. */
function noHandles(check: 'route' | 'port', endpoint: Endpoint, code: string): Finding {
  const { message, hint } = new AtcomError('no-handles', { host: hostText(endpoint), code });
  return { ...problem(check, UNREACHABLE, message, hint), scarce: true };
}

function portProblem(subject: Subject, port: number, error: unknown, late: boolean): Finding {
  if (late) {
    const waited = formatDuration(timeoutOf(subject));
    const remedy = 'check the address, that the phone is on, and that no firewall is in between';
    return problem('port', UNREACHABLE, `no connection to port ${port} within ${waited}`, remedy);
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (scarcityOf(error) !== undefined) return noHandles('port', subject.endpoint, code ?? message);
  if (code === 'ECONNREFUSED') {
    const other = subject.endpoint.scheme === 'https' ? 'http' : 'https';
    const remedy = `check the address; the phone's web server may be off, on another port, or speak ${other}: set port, scheme`;
    return problem('port', UNREACHABLE, `connection to port ${port} refused: nothing listens there`, remedy);
  }
  const remedy = 'check the address and the network, and that the phone is switched on';
  return problem(
    'port',
    UNREACHABLE,
    `no connection to port ${port}: ${networkReason(error as Error)}`,
    remedy,
  );
}
