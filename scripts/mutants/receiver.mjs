const STRANGER = ['test/receiver/stranger.test.ts'];
const CONNECTIONS = ['test/receiver/connections.test.ts'];
const LET_GO = ['test/receiver/let-go.test.ts'];
const BELIEVED = ['test/receiver/believed.test.ts'];
const RECEIVER_TESTS = ['test/receiver/receiver.test.ts'];

const guards = (file, tests, rows) =>
  rows.map(([guard, find, replace]) => ({ file, guard, find, replace, tests }));

export const RECEIVER = [
  ...guards(
    'src/receiver/late-requests.ts',
    ['test/receiver/late-requests.test.ts'],
    [
      ['what may be a body is no request', 'isOver(socket) || socket.destroyed', 'socket.destroyed'],
      [
        'a connection that is closed on this side ends',
        'setTimeout(() => socket.destroy(), LINGER)',
        'setTimeout(() => undefined, LINGER)',
      ],
      ['a late request is taken', 'server.emit(connected, late)', 'undefined'],
      [
        'what may be the body of a late request is none',
        'isRequest(chunk) && (late === undefined || !isOver(late))',
        'isRequest(chunk)',
      ],
    ],
  ),
  ...guards(
    'src/receiver/match.ts',
    ['test/receiver/hub.test.ts'],
    [['a condition that no event meets is refused', '  checkWhere(where);', '']],
  ),
  ...guards('src/receiver/handler.ts', RECEIVER_TESTS, [
    ['only a GET is an event', "if (method !== 'GET') return 'method';", ''],
    ['an event has no body', "Number(length) !== 0) return 'body';", "length === 'x') return 'body';"],
    ['a URL has an end', "if (url.length > MOST_URL) return 'too-long';", ''],
  ]),
  ...guards('src/receiver/handler.ts', STRANGER, [
    [
      'a page of another site reports nothing',
      "return isOfForeignPage(headers) ? 'foreign-page' : undefined;",
      'return undefined;',
    ],
    ['a name that leads here reports nothing', "if (isForOthers(request, hosts)) return 'foreign-host';", ''],
    [
      'no browser reports an event',
      "return isOfBrowser(request.headers) ? 'foreign-page' : undefined;",
      'return undefined;',
    ],
    ['an event needs the token', "if (!isSecret(action.values[TOKEN])) return 'token';", ''],
    ['the token is no value of an event', '= withoutToken(action.values);', '= action.values;'],
  ]),
  ...guards(
    'src/web/foreign-page.ts',
    ['test/web/foreign-page.test.ts'],
    [
      [
        'a browser’s word for another site counts',
        "site !== undefined && site !== 'same-origin'",
        "site === 'cross-site' && site !== 'same-origin'",
      ],
    ],
  ),
  ...guards('src/receiver/source.ts', STRANGER, [
    [
      'only a trusted proxy is believed',
      'return isIP(bare) !== 0 && proxies.check(',
      'return isIP(bare) !== 0 || proxies.check(',
    ],
    [
      'a zone in a header, which may be any text, names nobody',
      'source = unmapped(withoutZone(before));',
      'source = unmapped(before);',
    ],
  ]),
  ...guards('src/receiver/connections.ts', CONNECTIONS, [
    ['all addresses together hold only so many', 'endOldest(busiest(open), 0);', ''],
    ['the busiest address gives way', 'if (size > most) [busy', 'if (size < most || busy === "") [busy'],
    [
      'a stream of this user is not ended for others',
      "      forget(socket.remoteAddress ?? '', socket);\n",
      '',
    ],
  ]),
  ...guards('src/receiver/local-stream.ts', BELIEVED, [
    [
      'a reader proves who he is',
      "if (!isProof(said, proofOf(secret, 'reader', meeting))) return false;",
      '',
    ],
    ['a proof is of one connection', 'const ends = side === ', "const ends = side !== '' ? [] : side === "],
    ['a proof is of one network', '[...ends, network()]', '[...ends]'],
    ['a proof is of now', 'const nonce = newNonce();', "const nonce = '0'.repeat(32);"],
    [
      'a reader of another version gets no line that it does not know',
      'if (knows) readers.add(tell);',
      'readers.add(tell);',
    ],
  ]),
  ...guards(
    'src/receiver/running.ts',
    ['test/receiver/several-listeners.test.ts', ...BELIEVED],
    [
      [
        'nobody listens beside a listener of another version',
        'return !NOBODY.includes(codeOf(error))',
        'return !OUTDATED.includes(error.message) && !NOBODY.includes(codeOf(error))',
      ],
      ['a listener of another version is named', 'mayListen(one.error) && hides(one)', 'one === undefined'],
    ],
  ),
  ...guards('src/receiver/attach.ts', BELIEVED, [
    [
      'one deadline ends attaching',
      'setTimeout(() => fail(late), within);',
      'setTimeout(() => fail(late), 1000 * within);',
    ],
    [
      'a program that has ended attaches to nobody',
      'if (signal?.aborted === true) return fail(WE_ENDED);',
      '',
    ],
    [
      'nobody attaches to a listener of another version',
      'if (response.headers[FORM] !== STREAM_FORM) return fail(OTHER_VERSION);',
      '',
    ],
    ['a line has an end', 'if (rest.length > LONGEST_LINE) leave();', ''],
  ]),
  ...guards('src/receiver/meet.ts', BELIEVED, [
    ['a listener proves who it is', "|| !isProof(proof, proofOf(secret, 'listener', meeting))", ''],
  ]),
  ...guards('src/receiver/connections.ts', LET_GO, [
    [
      'an address holds only so many connections',
      'else if (sockets.size > MOST_PER_ADDRESS) endOldest(address, YOUNG);',
      '',
    ],
    [
      'a refused connection is ended',
      'setTimeout(() => socket.destroy(), LINGER)',
      'setTimeout(() => undefined, LINGER)',
    ],
  ]),
  ...guards('src/receiver/client-error.ts', CONNECTIONS, [
    ['a refused connection may be reset', "socket.on('error', () => undefined);", ''],
    ['a refused connection is ended soon', 'endSoon(socket);', ''],
  ]),
  ...guards('src/receiver/local-stream.ts', LET_GO, [
    ['a reader that is far behind is let go', 'checkUnread();', ''],
  ]),
  ...guards(
    'src/web/unread.ts',
    ['test/web/unread.test.ts'],
    [
      ['a page that is far behind is let go', 'if (response.writableLength > most) response.destroy();', ''],
      ['what a page got at first is a part of what it may leave', '(open.get(response) ?? 0) +', '2 ** 40 +'],
      [
        'many pages share what they may leave unread',
        'Math.min(MOST_BEHIND, MOST_TOGETHER / open.size)',
        'MOST_BEHIND',
      ],
      ['the furthest behind gives way', 'if (unread <= MOST_TOGETHER) return;', 'return;'],
    ],
  ),
  ...guards(
    'src/monitor/render-once.ts',
    ['test/monitor/render-once.test.ts'],
    [
      ['what has not changed is rendered once', 'if (rendered?.version === now) return rendered.body;', ''],
      ['rendering rests', 'if (begun < rested) return undefined;', ''],
    ],
  ),
  ...guards(
    'src/web/unread.ts',
    ['test/cli/listen-pages.test.ts'],
    [['no page is prepared ahead', 'socket === null ?', 'socket?.closed ?']],
  ),
  ...guards(
    'src/receiver/states/kept-phones.ts',
    ['test/receiver/states/phone-states.test.ts'],
    [
      ['only so many phones are kept', 'this.#all.size > MOST_PHONES || ', ''],
      ['of all phones together only so much is kept', ' || this.#bytes > MOST_BYTES', ''],
    ],
  ),
  ...guards(
    'src/receiver/stream-line.ts',
    ['test/receiver/listening.test.ts', ...BELIEVED],
    [
      [
        'what comes from another listener is looked at',
        'return isLine(line) ? line',
        'return line.of !== undefined ? (line as StreamLine)',
      ],
      ['nothing is told for which a reader would leave', 'if (!isLine(line)) return undefined;', ''],
    ],
  ),
  ...guards(
    'src/receiver/same-user.ts',
    ['test/receiver/same-user.test.ts', ...BELIEVED],
    [
      ['the secret is of this user', 'if (uid !== ours.uid) throw', 'if (false) throw'],
      ['the secret is nobody else’s to read', 'hasModes && (mode & others) !== 0', 'false'],
      ['no link is followed to a secret', 'O_RDONLY | O_NOFOLLOW', 'O_RDONLY'],
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is in the source
      ['each side proves itself in its own words', '`${side} ${ends} ${nonces}`', '`${ends} ${nonces}`'],
    ],
  ),
  ...guards(
    'src/receiver/hub.ts',
    ['test/receiver/hub.test.ts'],
    [
      [
        'a subscriber that throws stops nobody else',
        '        this.#onError(error, event);\n      }\n    }',
        '        throw error;\n      }\n    }',
      ],
      ['an event is waited for once', 'this.#cursors.set(found.event.phone, found.number);', ''],
    ],
  ),
  ...guards(
    'src/receiver/queue.ts',
    ['test/receiver/hub.test.ts'],
    [['a queue has an end', 'if (this.#waiting.length >= this.#options.most) {', 'if (false) {']],
  ),
  {
    file: 'src/cli/listen/sighted-elsewhere.ts',
    guard: 'a listener that cannot be asked is told with --quiet, too',
    find: 'context.output.note((paint)',
    replace: 'if (!context.output.quiet) context.output.note((paint)',
    tests: ['test/cli/check-mac.test.ts'],
  },
  {
    file: 'src/receiver/hub.ts',
    guard: 'a gap before a line of a batch is known in it',
    find: 'this.#gap = this.#record.count;',
    replace: '',
    tests: ['test/receiver/hub.test.ts'],
  },
  {
    file: 'src/receiver/sightings.ts',
    guard: 'what was reported last is the latest, whatever the clock says',
    find: 'told < this.#last ? this.#last + 1 : told',
    replace: 'told',
    tests: ['test/receiver/sightings.test.ts'],
  },
  {
    file: 'src/receiver/same-user.ts',
    guard: 'a pipe in the place of the secret stops no program',
    find: 'O_NOFOLLOW | O_NONBLOCK',
    replace: 'O_NOFOLLOW',
    tests: ['test/receiver/same-user.test.ts'],
  },
  {
    file: 'src/receiver/attach.ts',
    guard: 'a program with a token takes no events from a listener without it',
    find: "!isProof(required ?? '', proofOfToken(secret, token))",
    replace: 'false',
    tests: ['test/receiver/believed.test.ts'],
  },
  {
    file: 'src/receiver/phonebook.ts',
    guard: 'an event that two phones may have sent is of neither',
    find: 'entries.set(identifier, isShared ? undefined : server);',
    replace: 'entries.set(identifier, server);',
    tests: ['test/receiver/phonebook.test.ts'],
  },
  {
    file: 'src/receiver/running.ts',
    guard: 'a listener that is stopped is not passed by',
    find: 'return !NOBODY.includes(codeOf(error))',
    replace: 'return OUTDATED.includes(error.message) && !NOBODY.includes(codeOf(error))',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/event-feed.ts',
    guard: 'without the secret, nobody listens beside a listener that runs',
    find: 'if (obstacle !== undefined) {',
    replace: 'if (obstacle !== undefined && !(options.sameUser instanceof Error)) {',
    tests: ['test/receiver/same-user.test.ts'],
  },
  {
    file: 'src/receiver/event-feed.ts',
    guard: 'who would listen at all addresses hears those at one of them',
    find: 'host === undefined || includes(host, bound)',
    replace: 'host === undefined',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/unanswered.ts',
    guard: 'nobody reports to where nobody listens',
    find: "=== 'ECONNREFUSED'",
    replace: "=== ''",
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/unanswered.ts',
    guard: 'what the system redirects for others is not judged',
    find: '|| !place.endsWith',
    replace: '|| host.endsWith',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/scenario/play/earshot.ts',
    guard: 'listeners of this computer hear no phone of a network, however many they are',
    find: 'isKnown && addresses.every',
    replace: 'addresses.length === 1 && addresses.every',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/event-feed.ts',
    guard: 'of several listeners, the end of each is noticed',
    find: 'ended: Promise.race(feeds.flatMap(({ ended = [] }) => ended)),',
    replace: '',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/listening.ts',
    guard: 'nobody knows who takes over what was reported to one of several',
    find: 'return others.length === 0 ? first : undefined;',
    replace: 'return first ?? others[0];',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/running.ts',
    guard: 'the record of one that was killed is no obstacle, also without the secret',
    find: 'if (sameUser instanceof Error) await connectTo({ host: reachable(host), port }, within);',
    replace: 'void connectTo;',
    tests: ['test/receiver/same-user.test.ts'],
  },
  {
    file: 'src/receiver/listening.ts',
    guard: 'the one of several that is left is replaced where it was',
    find: 'place ??= onlyOne(feed.addresses);',
    replace: '',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/scenario/play/earshot.ts',
    guard: 'phones may report to other addresses than some listener has',
    find: 'host === undefined || !isAny(host) || ',
    replace: 'host !== undefined || ',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/listening.ts',
    guard: 'what was reported to one of several is lost once that has ended',
    find: 'isKnown && isReached',
    replace: 'isReached',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/doctor/events.ts',
    guard: 'do-not-disturb is turned off where only some of its keys were taken',
    find: "if (on.outcome === 'partial') return halfOn(phone, on, target);",
    replace: '',
    tests: ['test/cli/doctor.test.ts'],
  },
  {
    file: 'src/receiver/running.ts',
    guard: 'no event is heard twice',
    find: 'if (isAttached(reachable(host))) continue;',
    replace: '',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/running.ts',
    guard: 'a listener at all addresses is one to attach to',
    find: 'isAny(address) || isHere(address)',
    replace: 'isHere(address)',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/vitest/matcher.ts',
    guard: 'what was asked after the end of a test fails aloud',
    find: ' || subject.over.aborted) return result',
    replace: ') return result',
    tests: ['test/vitest/phones.test.ts'],
  },
  {
    file: 'src/receiver/same-user.ts',
    guard: 'the listeners of another network are none of this one',
    find: 'where === here() && ',
    replace: '',
    tests: ['test/receiver/same-user.test.ts'],
  },
  {
    file: 'src/vitest/matcher.ts',
    guard: 'a phone whose test is over proves nothing',
    find: 'if (phone.over.aborted)',
    replace: 'if (phone.role === undefined)',
    tests: ['test/vitest/phones.test.ts'],
  },
  {
    file: 'src/vitest/matchers.ts',
    guard: 'a phone that cannot report is not watched in vain',
    find: 'if (deaf !== undefined)',
    replace: 'if (deaf?.code === undefined && deaf)',
    tests: ['test/vitest/phones.test.ts'],
  },
  {
    file: 'src/cli/completion/known.ts',
    guard: 'TAB shows no password',
    find: 'new Map(withoutPasswords([...groups]))',
    replace: 'groups',
    tests: ['test/cli/completion-memory.test.ts'],
  },
  {
    file: 'src/cli/uninstall/uninstall.ts',
    guard: 'nobody loses the listener that runs',
    find: 'await checkListeners(state, context.signal);',
    replace: '',
    tests: ['test/cli/uninstall.test.ts'],
  },
  {
    file: 'src/receiver/event-record.ts',
    guard: 'large events do not fill the memory',
    find: ' && this.#size <= ROOM',
    replace: '',
    tests: ['test/receiver/hub.test.ts'],
  },
  {
    file: 'src/receiver/event-record.ts',
    guard: 'what was dropped takes no room',
    find: 'this.#size -= sizeOf(one.event)',
    replace: 'void one',
    tests: ['test/receiver/hub.test.ts'],
  },
  {
    file: 'src/protocol/action-url.ts',
    guard: 'nobody makes up thousands of values',
    find: 'split(SEPARATOR, MOST_VALUES)',
    replace: 'split(SEPARATOR)',
    tests: ['test/protocol/action-url.test.ts'],
  },
  {
    file: 'src/receiver/event-record.ts',
    guard: 'silence across a gap proves nothing',
    find: 'return number > this.#gap;',
    replace: 'return true;',
    tests: ['test/scenario/play/gap.test.ts'],
  },
  {
    file: 'src/receiver/hub.ts',
    guard: 'who asks during a gap is told of it',
    find: 'if (this.#inGap) listener(true);',
    replace: '',
    tests: ['test/scenario/play/gap.test.ts'],
  },
  {
    file: 'src/receiver/hub.ts',
    guard: 'states from before a gap are not believed',
    find: 'this.#states.doubt();',
    replace: '',
    tests: ['test/receiver/states/phone-states.test.ts'],
  },
  {
    file: 'src/receiver/listening.ts',
    guard: 'a listener that phones do not reach ends no gap',
    find: 'isKnown && isReached()',
    replace: 'isKnown',
    tests: ['test/receiver/listening.test.ts'],
  },
  {
    file: 'src/receiver/listening.ts',
    guard: 'a listener is taken over where the phones report to',
    find: 'options.host ?? place',
    replace: 'options.host',
    tests: ['test/receiver/several-listeners.test.ts'],
  },
  {
    file: 'src/receiver/event-record.ts',
    guard: 'what has arrived in time is read before it counts as silence',
    find: 'void this.#settled().then(stop)',
    replace: 'stop()',
    tests: ['test/receiver/arrivals.test.ts'],
  },
  {
    file: 'src/receiver/arrivals.ts',
    guard: 'all connections that have arrived are taken',
    find: 'quiet = taken === last',
    replace: 'quiet = true',
    tests: ['test/receiver/arrivals.test.ts'],
  },
  {
    file: 'src/receiver/arrivals.ts',
    guard: 'a flood does not keep everybody waiting',
    find: ' || last >= most',
    replace: '',
    tests: ['test/receiver/arrivals.test.ts'],
  },
  {
    file: 'src/receiver/attach.ts',
    guard: 'what has reached the other listener is told before it counts as silence',
    find: 'hub.feedFrom(echoes.ask)',
    replace: 'hub.feedFrom(async () => true)',
    tests: ['test/receiver/arrivals.test.ts'],
  },
  {
    file: 'src/receiver/hub.ts',
    guard: 'silence proves nothing where nobody can tell what has arrived',
    find: 'if (!all.includes(false)) return true;',
    replace: '',
    tests: ['test/scenario/play/gap.test.ts', 'test/phone/prove.test.ts'],
  },
  {
    file: 'src/scenario/play/perform-audio.ts',
    guard: 'audio that waits to be read is no silence',
    find: '    await nextTurn();',
    replace: '    void nextTurn;',
    tests: ['test/scenario/play/perform-audio.test.ts'],
  },
  {
    file: 'src/receiver/head-repair.ts',
    guard: 'the end of a head is found in whatever pieces it comes',
    find: 'let from = unendedFrom(this.#held);',
    replace: 'let from = Math.max(0, this.#held.length - 2);',
    tests: ['test/receiver/head-repair.test.ts'],
  },
  ...guards(
    'src/web/crowd.ts',
    ['test/receiver/at-once.test.ts'],
    [
      ['requests in one packet do not keep the others waiting', 'return count > MOST;', 'return false;'],
      ['requests one after the other have no end', 'setImmediate(() => taken.clear())', 'undefined'],
    ],
  ),
  {
    file: 'src/receiver/head-repair.ts',
    guard: 'of a connection that is over, the parser hands over little more',
    find: '!isOver(socket) && socket.writable',
    replace: 'socket.writable',
    tests: ['test/receiver/at-once.test.ts'],
  },
  {
    file: 'src/receiver/head-repair.ts',
    guard: 'who does not read answers does not end the listener',
    find: 'if (socket.isPaused())',
    replace: 'if (false)',
    tests: ['test/receiver/at-once.test.ts'],
  },
];
