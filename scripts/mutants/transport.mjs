const TLS = ['test/transport/tls.test.ts'];
const ANSWERS = ['test/transport/answers.test.ts'];
const LIMITS = ['test/transport/limits.test.ts'];
const AUTHORIZATION = ['test/transport/authorization.test.ts'];

export const TRANSPORT = [
  {
    file: 'src/transport/trust.ts',
    guard: 'a fingerprint is compared whole',
    find: 'plain(actual) === plain(fingerprint)',
    replace: 'plain(actual).slice(0, 8) === plain(fingerprint).slice(0, 8)',
    tests: TLS,
  },
  {
    file: 'src/transport/trust.ts',
    guard: 'a pin is checked before anything else is accepted',
    find: 'if (fingerprint !== undefined) {',
    replace: 'if (fingerprint !== undefined && insecure !== true) {',
    tests: TLS,
  },
  {
    file: 'src/transport/exchange.ts',
    guard: 'a pin is not passed over on http',
    find: "endpoint.scheme === 'http' ? unpinnable(tls) : undefined",
    replace: 'undefined',
    tests: TLS,
  },
  {
    file: 'src/transport/connect.ts',
    guard: 'an untrusted certificate gets no request',
    find: "options.protocol === 'https:' ? distrust(connected as TLSSocket, tls) : undefined",
    replace: 'undefined as Error | undefined',
    tests: TLS,
  },
  {
    file: 'src/transport/connect.ts',
    guard: 'no TLS session is resumed',
    find: 'maxCachedSessions: 0',
    replace: 'maxCachedSessions: 100',
    tests: TLS,
  },
  {
    file: 'src/transport/connect.ts',
    guard: 'a request connects once',
    find: '    used = true;\n',
    replace: '',
    tests: ['test/transport/connect.test.ts'],
  },
  {
    file: 'src/transport/connect.ts',
    guard: 'no phone is connected to with ATCOM_OFFLINE',
    find: 'if (refused !== undefined) {',
    replace: 'if (false) {',
    tests: ['test/phone/transport.test.ts'],
  },
  {
    file: 'src/transport/line.ts',
    guard: 'a pooled client is cut off from its last phone',
    find: '      slot.connect = unconnected;\n',
    replace: '',
    tests: ['test/transport/line.test.ts'],
  },
  {
    file: 'src/transport/line.ts',
    guard: 'a client with something under way is not used again',
    find: 'if (reusable) free.push(slot);',
    replace: 'free.push(slot); if (reusable) return;',
    tests: ['test/transport/line.test.ts', ...LIMITS],
  },
  {
    file: 'src/transport/wire.ts',
    guard: 'what was written may have been taken',
    find: 'this.#socket.bytesWritten > this.#writtenBefore',
    replace: 'false',
    tests: LIMITS,
  },
  {
    file: 'src/transport/wire.ts',
    guard: 'an interim answer is no answer',
    find: 'status < 200 ? parseAnswer(rest)',
    replace: 'status < 100 ? parseAnswer(rest)',
    tests: ANSWERS,
  },
  {
    file: 'src/transport/exchange.ts',
    guard: 'an answer is read no further than needed',
    find: 'if (parsed.size >= MOST_BYTES) settle();',
    replace: '',
    tests: LIMITS,
  },
  {
    file: 'src/transport/exchange.ts',
    guard: 'one deadline ends a request',
    find: 'setTimeout(() => settle(new TimeoutError(timeout)), timeout)',
    replace: 'setTimeout(() => settle(new TimeoutError(timeout)), 60_000)',
    tests: LIMITS,
  },
  {
    file: 'src/transport/authorization.ts',
    guard: 'a challenge puts no control character into a header',
    find: "scheme === 'digest' && !/\\p{Cc}/u.test(Object.values(parameters).join(''))",
    replace: "scheme === 'digest'",
    tests: AUTHORIZATION,
  },
  {
    file: 'src/transport/try-credentials.ts',
    guard: 'a refused password is not sent again',
    find: 'if (refused.has(key)) return undefined;',
    replace: '',
    tests: ['test/transport/try-credentials.test.ts'],
  },
  {
    file: 'src/transport/try-credentials.ts',
    guard: 'a password is tried by one at a time',
    find: 'if (!taken.has(key)) underWay.set(key, sending);',
    replace: '',
    tests: ['test/transport/try-credentials.test.ts'],
  },
];
