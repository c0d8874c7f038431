import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HeardPhone, KeptPhones } from '../../../src/receiver/states/kept-phones.ts';
import { afterRefusal, UNHEARD } from '../../../src/receiver/states/state.ts';

function heardPhone(phone: string, source: string, dnd: boolean | null): HeardPhone {
  return { phone, source, values: {}, state: { ...UNHEARD, dnd } };
}

const word = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.tuple(fc.constant('put' as const), word, word, word, fc.constantFrom(true, false, null)),
  fc.tuple(fc.constant('refused' as const), word, word),
);

it('a refusal changes exactly the phones that have its name or its source', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const kept = new KeptPhones();
      let all: (readonly [key: string, one: HeardPhone])[] = [];
      for (const [what, ...words] of steps) {
        if (what === 'put') {
          const [key, phone, source, dnd] = words as [string, string, string, boolean | null];
          const one = heardPhone(phone, source, dnd);
          kept.put(key, one);
          all = [...all.filter(([other]) => other !== key), [key, one]];
        } else {
          const [phone, source] = words as [string, string];
          kept.changeKnowing(phone, source, afterRefusal);
          all = all.map(([key, one]) =>
            one.phone === phone || one.source === source
              ? [key, { ...one, state: afterRefusal(one.state) }]
              : [key, one],
          );
        }
      }
      expect(kept.phones).toEqual(all.map(([, one]) => one));
    }),
  );
});

it('a refusal looks at no phone of which no feature is known, because anyone can have any number refused', () => {
  const kept = new KeptPhones();
  let looks = 0;
  for (let number = 0; number < 100; number += 1) {
    const { state, ...one } = heardPhone(`p${number}`, '127.0.0.1', null);
    const counted = () => {
      looks += 1;
      return state;
    };
    kept.put(
      `p${number}`,
      Object.defineProperty(one as HeardPhone, 'state', { get: counted, enumerable: true }),
    );
  }
  kept.put('knows', heardPhone('knows', '127.0.0.1', true));
  kept.put('other', heardPhone('other', '127.0.0.2', true));
  looks = 0;
  for (let times = 0; times < 3; times += 1) kept.changeKnowing('other', '127.0.0.1', afterRefusal);
  expect(looks).toBe(0);
  expect([kept.get('knows')?.state.dnd, kept.get('other')?.state.dnd]).toEqual([null, null]);
});
