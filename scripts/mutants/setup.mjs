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
  inChange('a page is compared after it was written', 'now.get(name) !== value', 'false'),
  inChange('nothing is written that somebody did not see', 'agreed !== undefined && ', 'false && '),
  inChange('nothing is written once the run is stopped', 'stop?.aborted === true', 'false'),
  inSetup('src/setup/change.ts', ['test/cli/setup/setup.test.ts'])(
    'a dry run writes nothing',
    'changes.length === 0 || dryRun',
    'changes.length === 0',
  ),
  inValues('a masked password is not written', 'isSecret(name) && /', 'false && /'),
  inValues(
    'a text that would come back as another is not written',
    '[\\p{Surrogate}\\uFFFD]/u.test',
    '[]/u.test',
  ),
  inValues('a password is not shown', 'if (isSecret(name)) return HIDDEN;', ''),
  inValues('a password is not shown in what is no page', 'isSecret(unescaped(name)) ? `', 'false ? `'),
  inValues('what is too deep is no page', 'isDeeper(inner, DEEPEST)', 'false'),
  inPlans('of two allow lists none is written', 'others.length === 0 ? only', 'true ? only'),
  inPlans('a list that is written in another way is not written', '/[^\\w.:,*/ -]/.test(value)', 'false'),
  inAnswer('a page of another user is not read on', "fields.has('webUserChange')", 'false'),
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
];
