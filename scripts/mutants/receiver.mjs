const RECEIVER_TESTS = ['test/receiver/receiver.test.ts'];
const FUZZ = ['test/receiver/fuzz.test.ts'];

export const RECEIVER = [
  {
    file: 'src/receiver/handler.ts',
    guard: 'only a GET is an event',
    find: "if (method !== 'GET') return refuse(response, 405);",
    replace: '',
    tests: [...RECEIVER_TESTS, ...FUZZ],
  },
  {
    file: 'src/receiver/handler.ts',
    guard: 'a URL has an end',
    find: 'if (url.length > MOST_URL) return refuse(response, 414);',
    replace: '',
    tests: [...RECEIVER_TESTS, ...FUZZ],
  },
  {
    file: 'src/receiver/handler.ts',
    guard: 'a phone is answered before anything is done with its event',
    find: "    response.writeHead(200, { 'content-length': 0 }).end();\n    take(action, request.socket.remoteAddress, options);",
    replace:
      "    take(action, request.socket.remoteAddress, options);\n    response.writeHead(200, { 'content-length': 0 }).end();",
    tests: RECEIVER_TESTS,
  },
  {
    file: 'src/receiver/connections.ts',
    guard: 'an address holds only so many connections',
    find: 'if (sockets.size > MOST_PER_ADDRESS) oldest?.destroy();',
    replace: '',
    tests: [...RECEIVER_TESTS, ...FUZZ],
  },
  {
    file: 'src/receiver/hub.ts',
    guard: 'a subscriber that throws stops nobody else',
    find: '        this.#onError(error, event);\n      }\n    }',
    replace: '        throw error;\n      }\n    }',
    tests: ['test/receiver/hub.test.ts'],
  },
  {
    file: 'src/receiver/hub.ts',
    guard: 'an event is waited for once',
    find: 'this.#cursors.set(event.phone, first + index);',
    replace: 'this.#cursors.set(event.phone, 0);',
    tests: ['test/receiver/hub.test.ts'],
  },
  {
    file: 'src/receiver/local-stream.ts',
    guard: 'the stream is for this computer, by its own name',
    find: 'isLoopback(remoteAddress) && isLoopback(hostOf(request.headers.host))',
    replace: 'isLoopback(remoteAddress)',
    tests: ['test/receiver/listening.test.ts'],
  },
  {
    file: 'src/receiver/local-stream.ts',
    guard: 'a reader that is far behind is let go',
    find: 'if (response.writableLength > allowed) response.destroy();',
    replace: '',
    tests: ['test/receiver/listening.test.ts', 'test/receiver/memory.test.ts'],
  },
  {
    file: 'src/receiver/queue.ts',
    guard: 'a queue has an end',
    find: 'if (this.#waiting.length >= this.#options.most) {',
    replace: 'if (false) {',
    tests: ['test/receiver/hub.test.ts', 'test/receiver/memory.test.ts', 'test/receiver/receiver.test.ts'],
  },
];
