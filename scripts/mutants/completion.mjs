const inFile = (file) => (guard, find, replace) => ({
  file,
  guard,
  find,
  replace,
  tests: ['test/cli/completion-memory.test.ts', 'test/cli/completion-memory-of-users.test.ts'],
});
const inMemory = inFile('src/cli/completion/memory.ts');
const inStamp = inFile('src/config/stamp.ts');

/** What completion keeps of a config: never what is no longer there, nor what somebody else put there. */
export const COMPLETION = [
  inMemory('names of another config are not offered', 'kept.stamp === stamp', 'true'),
  inMemory('names of another version are not read', 'kept.version === VERSION', 'true'),
  inMemory('a folder that others can write is not used', 'strangerAbove(folder, uid) === undefined', 'true'),
  inMemory('a folder that a project brought along is not used', 'isOutside(way, cwd)', 'true'),
  inMemory('no link of a project leads to names', '...linksTo(folder)', ''),
  inMemory('no names are kept in a checkout', '!levelsOf(way).some(isCheckout)', 'true'),
  inMemory('kept names are of this user', 'stats.uid === uid && ', ''),
  inMemory('kept names are nobody else’s to read or write', '(stats.mode & 0o077) === 0', 'true'),
  inMemory('no link is followed to kept names', 'O_RDONLY | O_NOFOLLOW |', 'O_RDONLY |'),
  inMemory('names are kept where nobody else can read them', "{ mode: 0o600, flag: 'wx' }", "{ flag: 'wx' }"),
  inMemory('no cache is made in the home of another', '&& isTrusted(dirname(level), person)', ''),
  inStamp('names of an edited file are not offered, whatever its times', 'mtimeNs, ctimeNs]', 'mtimeNs]'),
  inStamp(
    'names of another profile are not offered',
    'JSON.stringify([context.profile ??',
    'JSON.stringify([',
  ),
  inStamp('names of a file that others can write are not kept', 'trusted !== undefined || ', ''),
  inStamp('names of a file that was changed just now are not kept', '< RACY', '< 0'),
  ...[
    ['a shell gets no more candidates than it can show soon', '(all.length <= MOST)', '(true)'],
    ['nor a meaning that no terminal shows', '.slice(0, LONGEST_ABOUT)', ''],
    ['a shell inserts only what all candidates begin with', ', ...sorted.slice(-1)', ''],
    ['of the first, too', '...sorted.slice(0, 1), ', ''],
  ].map(([guard, find, replace]) => ({
    file: 'src/cli/completion/completion.ts',
    guard,
    find,
    replace,
    tests: ['test/cli/completion.test.ts'],
  })),
];
