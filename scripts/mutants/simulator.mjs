export const SIMULATOR = [
  {
    file: 'src/simulator/handler.ts',
    guard: 'a page of another site does not play the person at a virtual phone',
    find: 'if (!isOfForeignPage(headers) && !(loopback && isForeignHost(headers.host))) return undefined;',
    replace: 'if (!(loopback && isForeignHost(headers.host))) return undefined;',
    tests: ['test/simulator/strangers.test.ts'],
  },
  {
    file: 'src/simulator/handler.ts',
    guard: 'nor does one whose name was made to lead here',
    find: 'if (!isOfForeignPage(headers) && !(loopback && isForeignHost(headers.host))) return undefined;',
    replace: 'if (!isOfForeignPage(headers)) return undefined;',
    tests: ['test/simulator/strangers.test.ts'],
  },
  {
    file: 'src/simulator/approval.ts',
    guard: 'an address that was taken off the allow list has to be saved again',
    find: 'if (!isListed(address)) saved.delete(address);',
    replace: 'void address;',
    tests: ['test/simulator/approval.test.ts'],
  },
  {
    file: 'src/simulator/face/feed.ts',
    guard: 'what is remembered of a virtual phone does not grow',
    find: 'if (list.length > MOST) list.shift();',
    replace: '',
    tests: ['test/simulator/face.test.ts'],
  },
  {
    file: 'src/scenario/play/perform-audio.ts',
    guard: 'only what is heard after a step began proves it',
    find: 'Math.max(began, now - PROOF - LATE)',
    replace: '0',
    tests: ['test/cli/test-sip.test.ts'],
  },
  {
    file: 'src/scenario/tell/sound-text.ts',
    guard: 'whoever else is heard, spoils a proof',
    find: ' &&\n    tones.every((tone) => wanted.some((hertz) => isNear(hertz)(tone)))',
    replace: '',
    tests: ['test/cli/test-sip.test.ts'],
  },
];
