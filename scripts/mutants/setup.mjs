const HOSTILE = ['test/setup/hostile.test.ts'];
const VARIANTS = ['test/setup/variants.test.ts'];

const inSetup = (file, tests) => (guard, find, replace) => ({ file, guard, find, replace, tests });
const inChange = inSetup('src/setup/change.ts', [...VARIANTS, ...HOSTILE]);
const inValues = inSetup('src/setup/values.ts', HOSTILE);
const inPlans = inSetup('src/setup/plans.ts', [...VARIANTS, ...HOSTILE]);
const inAnswer = inSetup('src/setup/answer.ts', [...VARIANTS, ...HOSTILE]);

export const SETUP = [
  inChange(
    'every field that was read is sent back',
    'new Map([...fields, ...changes.map(',
    'new Map([...changes.map(',
  ),
  inChange(
    'what a phone refused may be stored',
    "isFailure(reply) && reply.error.code !== 'page-refused'",
    'isFailure(reply)',
  ),
  inChange(
    'nothing is said to be unchanged once it was sent',
    "'reason' in error.details ? error.details.reason : error.message",
    'error.message',
  ),
  inSetup('src/setup/session.ts', HOSTILE)(
    "the listener's secret is shown nowhere, wherever a phone sends it back",
    'shownText(secret(text))',
    'secret(text)',
  ),
  inChange('a page is compared after it was written', 'now.fields.get(name) !== value', 'false'),
  inChange('nothing is written that somebody did not see', 'agreed !== undefined && ', 'false && '),
  inChange('nothing is written once the run is stopped', 'stop?.aborted === true', 'false'),
  inSetup('src/setup/change.ts', ['test/cli/setup/setup.test.ts'])(
    'a dry run writes nothing',
    'changes.length === 0 || dryRun',
    'changes.length === 0',
  ),
  inValues('a masked password is not written', '(isSecret(name) && MASK_OF_SECRET.test(value))', 'false'),
  inValues('nor is one whose name tells nothing', 'MASK.test(value) ||', ''),
  inValues('a text that would come back as another is not written', '[\\p{Surrogate}\\uFFFD]/u :', '[]/u :'),
  inValues('a page in another charset is not written', 'isUtf8 ? /[', 'true ? /['),
  inValues('a password is not shown', 'if (isSecret(name)) return HIDDEN;', ''),
  inValues('a password is not shown in what is no page', 'isSecret(unescaped(name)) ? `', 'false ? `'),
  inValues('what is too deep is no page', 'isDeeper(inner, DEEPEST)', 'false'),
  inPlans('of two allow lists none is written', 'others.length === 0 ? only', 'true ? only'),
  inPlans('a list that is written in another way is not written', '/[^\\w.:,*/ -]/.test(value)', 'false'),
  inAnswer('a page of another user is not read on', 'if (fields.has(OTHER_USER))', 'if (false)'),
  inSetup('src/setup/answer.ts', ['test/cli/echo.test.ts'])(
    'a reason of a phone has no password',
    'hide(prompt)',
    'prompt',
  ),
  {
    file: 'src/simulator/web-pages/lock.ts',
    guard: 'a virtual phone locks its page',
    find: 'wrong < MOST_WRONG',
    replace: 'true',
    tests: ['test/simulator/web-pages/cgi.test.ts'],
  },
  {
    file: 'src/simulator/handler.ts',
    guard: 'no page of another site writes to a virtual phone',
    find: '[WEB_CGI, refuseStranger]',
    replace: '[WEB_CGI, () => undefined]',
    tests: ['test/simulator/web-pages/cgi.test.ts'],
  },
  {
    file: 'src/setup/answer.ts',
    guard: 'the way to log in to a web page shows no password',
    find: 'challengesIn(hide(head))',
    replace: 'challengesIn(head)',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/phone/request.ts',
    guard: 'the way to log in to a phone shows no password',
    find: 'challengesIn(answer.head)',
    replace: 'challengesIn(head)',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/setup/values.ts',
    guard: 'the name of a field shows no password',
    find: 'const name = hide(field);',
    replace: 'const name = field;',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/setup/change.ts',
    guard: 'the changed fields show no password',
    find: 'return { field: hide(field), from',
    replace: 'return { field, from',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/setup/look.ts',
    guard: 'the facts of a phone show no password',
    find: '[page, shownFields(fields, hide)]',
    replace: '[page, fields]',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/transport/exchange.ts',
    guard: 'a password in chunks is recognised',
    find: 'isChunked(head) ? fromChunks(rest) : rest',
    replace: 'rest',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/setup/values.ts',
    guard: 'what is no JSON shows no secret',
    find: '!isSecret(name) || !VALUE.test(plain)',
    replace: '!VALUE.test(plain) || true',
    tests: ['test/setup/hostile.test.ts'],
  },
  {
    file: 'src/protocol/written-number.ts',
    guard: 'a number shows no part of a password',
    find: 'withoutPassword(bare) !== bare',
    replace: 'false',
    tests: ['test/protocol/numbers.test.ts'],
  },
  {
    file: 'src/setup/plans.ts',
    guard: 'no address is said to be off a list that lets it in',
    find: 'if (still === undefined) return kept;',
    replace: 'return kept;',
    tests: ['test/cli/setup/setup.test.ts'],
  },
  {
    file: 'src/setup/plans.ts',
    guard: 'everybody can be taken off a list that has networks',
    find: "host === 'any' || isOne(entry)",
    replace: 'isOne(entry)',
    tests: ['test/cli/setup/setup.test.ts'],
  },
  {
    file: 'src/setup/plans.ts',
    guard: 'a short range of a list is no name of another computer',
    find: '!/^\\d/.test(host)',
    replace: 'true',
    tests: ['test/cli/setup/setup.test.ts'],
  },
  {
    file: 'src/phone/echo.ts',
    guard: 'what proved the password earlier is shown nowhere',
    find: 'proofs.has(lower.slice(at, at + each))',
    replace: 'false',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/phone/request.ts',
    guard: 'the token of a listener in an answer is shown nowhere',
    find: 'withoutQuerySecrets(secret(text))',
    replace: 'secret(text)',
    tests: ['test/cli/echo.test.ts'],
  },
  {
    file: 'src/phone/secret-names.ts',
    guard: 'the token of the listener is not shown where a page escapes a URL',
    find: '%(?:25)*3d|',
    replace: '',
    tests: ['test/phone/secret-names.test.ts'],
  },
];
