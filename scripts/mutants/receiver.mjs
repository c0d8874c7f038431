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
    file: 'src/receiver/queue.ts',
    guard: 'a queue has an end',
    find: 'if (this.#waiting.length >= this.#options.most) {',
    replace: 'if (false) {',
    tests: ['test/receiver/hub.test.ts', 'test/receiver/memory.test.ts', 'test/receiver/receiver.test.ts'],
  },
];
