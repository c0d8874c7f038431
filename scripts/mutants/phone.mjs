const SENDING = ['test/transport/limits.test.ts', 'test/transport/authorization.test.ts'];

export const PHONE = [
  {
    file: 'src/phone/send.ts',
    guard: 'only what was not delivered is sent again',
    find: "outcome === 'unreachable' && retries < retry",
    replace: "(outcome === 'unreachable' || outcome === 'unknown') && retries < retry",
    tests: SENDING,
  },
  {
    file: 'src/phone/send.ts',
    guard: 'only a phone that asks is asked again',
    find: "outcome === 'approval' && performance.now() < giveUp",
    replace: "outcome !== 'ok' && performance.now() < giveUp",
    tests: SENDING,
  },
  {
    file: 'src/phone/send.ts',
    guard: 'a sequence ends with its first failure',
    find: 'if (failure !== undefined) {',
    replace: 'if (false) {',
    tests: SENDING,
  },
  {
    file: 'src/phone/send.ts',
    guard: 'what was carried out in part is not sent again whole',
    find: 'if (done === 0) return cause;',
    replace: 'if (done < total) return cause;',
    tests: ['test/cli/press.test.ts', 'test/phone/phone.test.ts'],
  },
  {
    file: 'src/phone/request.ts',
    guard: 'a 401 is answered in the way the user chose',
    find: "result.status === 401 && settings.auth === 'digest' && credentials",
    replace: 'result.status === 401 && credentials',
    tests: SENDING,
  },
  {
    file: 'src/phone/request.ts',
    guard: 'basic credentials are sent only where that is set',
    find: "settings.auth === 'basic' && credentials ? basic(credentials)",
    replace: 'credentials ? basic(credentials)',
    tests: SENDING,
  },
  {
    file: 'src/phone/request.ts',
    guard: 'a lost answer is unknown, never unreachable',
    find: "result.kind === 'lost' ? 'unknown' : 'unreachable'",
    replace: "'unreachable'",
    tests: SENDING,
  },
  {
    file: 'src/phone/in-turn.ts',
    guard: 'a phone is sent one thing after the other',
    find: '(busy.get(address) ?? Promise.resolve()).then(work)',
    replace: 'Promise.resolve().then(work)',
    tests: ['test/phone/phone.test.ts'],
  },
  {
    file: 'src/phone/check.ts',
    guard: 'a time limit that ends every request is refused',
    find: 'isUsable(timeout) && timeout >= 1',
    replace: 'timeout >= 0',
    tests: ['test/phone/phone.test.ts'],
  },
  {
    file: 'src/phone/prove.ts',
    guard: 'only what came after the request is a proof',
    find: 'const first = await events.waitFor(wanted, { since, phones, within, signal });',
    replace: 'const first = await events.waitFor(wanted, { since: 0, phones, within, signal });',
    tests: ['test/phone/prove.test.ts'],
  },
];
