const TRUST = ['test/config/trust.test.ts'];
const STATE = ['test/config/state-folder.test.ts'];
const CREDENTIALS = ['test/config/credentials.test.ts'];
const ACCOUNTS = ['test/config/accounts.test.ts'];

/** What an event proves about a phone. */
const MACS = ['test/doctor/mac.test.ts'];

/** What is repeated of the words that somebody typed. */
const WORDS = ['test/cli/words-with-passwords.test.ts'];

/** Whose word counts in a config, and where a password goes. */
export const TRUSTED = [
  {
    file: 'src/errors.ts',
    guard: 'no error repeats a password of its words',
    find: 'const shown = withoutPasswords(details);',
    replace: 'const shown = details;',
    tests: WORDS,
  },
  {
    file: 'src/cli/output/output.ts',
    guard: 'no line on stderr repeats a password',
    find: 'withoutPasswords(render(this.#paintErr))',
    replace: 'render(this.#paintErr)',
    tests: WORDS,
  },
  {
    file: 'src/cli/handler/open.ts',
    guard: 'no password of a link is logged',
    find: 'visible(withoutPassword(link))',
    replace: 'visible(link)',
    tests: WORDS,
  },
  {
    file: 'src/errors/passwords.ts',
    guard: 'a word loses its password before it is cut',
    find: 'const shown = withoutPassword(word);',
    replace: 'const shown = word;',
    tests: WORDS,
  },
  {
    file: 'src/doctor/reports.ts',
    guard: 'an event proves a phone right only if it came from the address that it names',
    find: "support.filter((report) => report.ip !== '' && isFirsthand(report, place))",
    replace: 'support',
    tests: MACS,
  },
  {
    file: 'src/doctor/reports.ts',
    guard: 'an event that disagrees is told',
    find: 'if (against !== undefined) {',
    replace: 'if (against !== undefined && support.length === 0) {',
    tests: MACS,
  },
  {
    file: 'src/doctor/reports.ts',
    guard: 'of phones that share an address, none is taken for another',
    find: 'return port === undefined ? !place.shared : port === place.port;',
    replace: 'return true;',
    tests: MACS,
  },
  {
    file: 'src/receiver/sightings.ts',
    guard: 'a stranger who makes up reports displaces his own first',
    find: 'if (one[1].size > most[1].size) most = one;',
    replace: 'void one;',
    tests: ['test/receiver/sightings.test.ts'],
  },
  {
    file: 'src/config/state-folder.ts',
    guard: 'root keeps its state where nobody else can have put anything',
    find: 'uid === 0 ? strangerAbove(folder) : undefined',
    replace: 'uid === -1 ? strangerAbove(folder) : undefined',
    tests: STATE,
  },
  {
    file: 'src/files/folder-owner.ts',
    guard: 'a folder behind a link counts, too, for whether another can write it',
    find: '[...levels, ...real]',
    replace: 'levels',
    tests: STATE,
  },
  {
    file: 'src/cli/uninstall/own-files.ts',
    guard: 'only what the program made is removed',
    find: '(entry.isFile() && isOwn(entry.name)) === own',
    replace: 'entry.isFile() === own',
    tests: ['test/cli/uninstall.test.ts'],
  },
  {
    file: 'src/cli/uninstall/uninstall.ts',
    guard: 'root removes nothing where another user leads it',
    find: 'context.uid === 0 && strangerAbove',
    replace: 'context.uid === -1 && strangerAbove',
    tests: ['test/cli/uninstall.test.ts'],
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a config that everybody may write is refused',
    find: '(mode & 0o002) !== 0',
    replace: 'false',
    tests: TRUST,
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a config that its group may write is refused',
    find: '(mode & 0o020) !== 0 && !own',
    replace: 'false',
    tests: TRUST,
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a config of another user is refused',
    find: 'friends.includes(found) ? undefined',
    replace: 'true ? undefined',
    tests: TRUST,
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a link of another user is not followed to a config',
    find: 'links.map((link) => owner(link, lstatSync(link).uid))',
    replace: 'links.map(() => undefined)',
    tests: TRUST,
  },
  {
    file: 'src/config/trust.ts',
    guard: 'the folders of a config, and of what it links to, count',
    find: '[real, ...[...links, real].map(dirname)].map(written)',
    replace: '[real].map(written)',
    tests: TRUST,
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a list of trusted files that others can write trusts nothing',
    find: 'if (stranger !== undefined) throw unusable(store,',
    replace: 'if (stranger === store) throw unusable(store,',
    tests: TRUST,
  },
  {
    file: 'src/config/reader.ts',
    guard: 'a trusted file that others can write is trusted as it was then',
    find: 'hash !== undefined && hash !== hashNow()',
    replace: 'hash === user',
    tests: TRUST,
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a link in between counts',
    find: 'lstatSync(link).isSymbolicLink()',
    replace: 'link !== file',
    tests: TRUST,
  },
  {
    file: 'src/config/checked.ts',
    guard: 'what a project has beside a link is not used',
    find: 'dirname(realpathSync(file.path))',
    replace: 'dirname(file.path || realpathSync(file.path))',
    tests: TRUST,
  },
  {
    file: 'src/config/checked.ts',
    guard: 'a project file that was found needs trust',
    find: "const needsTrust = file.kind === 'project';",
    replace: "const needsTrust = file.kind !== 'project';",
    tests: [...TRUST, 'test/config/simulator.test.ts'],
  },
  {
    file: 'src/config/trust.ts',
    guard: 'a file is trusted as it was when it was trusted',
    find: "trusted === hash() ? 'given' : 'outdated'",
    replace: "trusted === '' ? 'outdated' : 'given'",
    tests: TRUST,
  },
  {
    file: 'src/config/credentials.ts',
    guard: 'of the targets of credentials the first that selects a phone counts',
    find: 'entries.find(({ selected })',
    replace: 'entries.findLast(({ selected })',
    tests: CREDENTIALS,
  },
  {
    file: 'src/config/accounts.ts',
    guard: 'an account has one password',
    find: '(password === undefined) !== (passwordFile === undefined)',
    replace: '(password === undefined) !== (passwordFile === null)',
    tests: ACCOUNTS,
  },
  {
    file: 'src/config/settings-of.ts',
    guard: 'a password goes to no address that only an untrusted project file names',
    find: "if (all.password !== undefined) await checkAddress(phone, 'your password');",
    replace: '',
    tests: TRUST,
  },
  {
    file: 'src/config/named-addresses.ts',
    guard: 'nor to one in a default or a group of such a file',
    find: 'theirs.has(addressOf(phone)) && !own.has(addressOf(phone))',
    replace: 'false',
    tests: TRUST,
  },
  {
    file: 'src/config/covered.ts',
    guard: 'trust tells every address that it covers',
    find: '...targetsIn(file).flatMap((target) => selectedBy(target, inventory)),',
    replace: '',
    tests: ['test/cli/config-trust.test.ts'],
  },
  {
    file: 'src/config/judged.ts',
    guard: "a group of credentials is the user's, whatever a project calls by its name",
    find: '...Object.entries(user.settings.groups ?? {})',
    replace: '',
    tests: TRUST,
  },
  {
    file: 'src/cli/setup/phones.ts',
    guard: "the listener's token goes to no address that only an untrusted project file names",
    find: 'if (config.listener?.token !== undefined)',
    replace: 'if (config.listener?.token === "")',
    tests: ['test/cli/setup/run.test.ts'],
  },
];
