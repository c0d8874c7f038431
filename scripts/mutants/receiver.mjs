const STRANGER = ['test/receiver/stranger.test.ts'];
const CONNECTIONS = ['test/receiver/connections.test.ts'];
const LET_GO = ['test/receiver/let-go.test.ts'];
const LISTENING = ['test/receiver/listening.test.ts'];
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
    [
      'a name that leads here reports nothing',
      "if (isForOthers(request, sources, hosts)) return 'foreign-host';",
      '',
    ],
    ['an event needs the token', "if (!isSecret(action.values[TOKEN])) return 'token';", ''],
    ['the token is no value of an event', '= withoutToken(action.values);', '= action.values;'],
  ]),
  ...guards('src/web/foreign-page.ts', STRANGER, [
    [
      'a browser’s word for another site counts',
      "site !== undefined && site !== 'same-origin'",
      "site === 'cross-site' && site !== 'same-origin'",
    ],
  ]),
  ...guards('src/receiver/source.ts', STRANGER, [
    [
      'only a trusted proxy is believed',
      'return isIP(bare) !== 0 && proxies.check(',
      'return isIP(bare) !== 0 || proxies.check(',
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
  ...guards('src/receiver/local-stream.ts', LISTENING, [
    [
      'a reader proves who he is',
      "if (!isProof(said, proofOf(secret, 'reader', meeting))) return false;",
      '',
    ],
    [
      'a proof is of one connection',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is in the source
      "return side === 'reader' ? `${local} ${remote}` : `${remote} ${local}`;",
      "return '';",
    ],
    ['a proof is of now', 'const nonce = newNonce();', "const nonce = '0'.repeat(32);"],
  ]),
  ...guards('src/receiver/attach.ts', LISTENING, [
    [
      'one deadline ends attaching',
      "answer as atcom does'), within);",
      "answer as atcom does'), 1000 * within);",
    ],
    ['a listener proves who it is', "|| !isProof(proof, proofOf(secret, 'listener', meeting))", ''],
    ['a line has an end', 'if (rest.length > LONGEST_LINE) leave();', ''],
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
    'src/web/unread.ts',
    ['test/cli/listen-pages.test.ts'],
    [['no page is prepared ahead', 'socket === null ?', 'socket?.closed ?']],
  ),
  ...guards('src/receiver/stream-line.ts', LISTENING, [
    [
      'what comes from another listener is looked at',
      'LINES[kind as keyof typeof LINES](of) ?',
      'of !== undefined ?',
    ],
  ]),
  ...guards('src/receiver/same-user.ts', LISTENING, [
    ['the secret is of this user', 'if (uid !== ours.uid) throw', 'if (false) throw'],
    ['the secret is nobody else’s to read', 'hasModes && (mode & others) !== 0', 'false'],
    ['no link is followed to a secret', 'constants.O_RDONLY | constants.O_NOFOLLOW', 'constants.O_RDONLY'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is in the source
    ['each side proves itself in its own words', '`${side} ${ends} ${nonces}`', '`${ends} ${nonces}`'],
  ]),
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
    file: 'src/receiver/phonebook.ts',
    guard: 'an event that two phones may have sent is of neither',
    find: 'entries.set(identifier, isShared ? undefined : server);',
    replace: 'entries.set(identifier, server);',
    tests: ['test/receiver/phonebook.test.ts'],
  },
];
