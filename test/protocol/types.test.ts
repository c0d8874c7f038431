import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EventDefinition } from '../../src/protocol/events.ts';
import { type KeySpelling, type KeyToken, keysOf, parseKey } from '../../src/protocol/keys.ts';
import type { Model } from '../../src/protocol/models.ts';
import type { DialString } from '../../src/protocol/numbers.ts';
import { parseSequence, type RawToken, type SequenceStep, type Word } from '../../src/protocol/sequence.ts';
import type { PhoneSettings } from '../../src/protocol/settings.ts';
import type { VerbCall, VerbOverrides } from '../../src/protocol/verbs.ts';

// What does not compile is proven by the compiler: an error that stops being one fails `tsc`.

/** What the line after it does not compile for is also refused when it runs. */
const key = (token: KeyToken) => () => parseKey(token);
const onA21 = (token: KeyToken<'A21'>) => () => parseKey(token, 'A21');

describe('a key', () => {
  it('does not compile when no phone has it', () => {
    expect(key('LINEKEY6')()).toBe('LINEKEY6');
    // @ts-expect-error no phone has seven line keys
    expect(key('LINEKEY7')).toThrow();
    // @ts-expect-error line keys count from one
    expect(key('LINEKEY0')).toThrow();
    // @ts-expect-error a line key has a number
    expect(key('LINEKEY')).toThrow();
    // @ts-expect-error no phone has five soft keys
    expect(key('SFK5')).toThrow();
    // @ts-expect-error no phone has that many memory keys
    expect(key('MEMORY_KEY21')).toThrow();
    // @ts-expect-error a slip of the finger
    expect(key('HOLDD')).toThrow();
  });

  it('does not compile when the model does not have it', () => {
    expect(onA21('LINEKEY2')()).toBe('LINEKEY2');
    expect(onA21('HOLD')()).toBe('HOLD');
    // @ts-expect-error an A21 has two line keys
    expect(onA21('LINEKEY3')).toThrow();
    // @ts-expect-error an A21 has three soft keys
    expect(onA21('SOFTKEY4')).toThrow();
    // @ts-expect-error an A21 has no memory keys
    expect(onA21('MEMORY_KEY1')).toThrow();
  });

  it('is typed as it is sent', () => {
    expectTypeOf<'SEND' | 'DIAL' | 'SFK1' | 'SOFTKEY4' | 'MEMORY_KEY20' | 'FORWARD'>().toExtend<KeyToken>();
    expectTypeOf<'VOL_UP'>().not.toExtend<KeyToken>();
    expectTypeOf<'LK1'>().not.toExtend<KeyToken>();
    expectTypeOf<'6040'>().not.toExtend<KeyToken>();
    expectTypeOf<string>().not.toExtend<KeyToken>();
    expectTypeOf<Extract<KeyToken<'A21'>, `LINEKEY${string}`>>().toEqualTypeOf<'LINEKEY1' | 'LINEKEY2'>();
    expectTypeOf<Extract<KeyToken<'A11'>, `LINEKEY${string}`>>().toEqualTypeOf<'LINEKEY1'>();
    expectTypeOf<Extract<KeyToken<'A21'>, `MEMORY_KEY${string}`>>().toEqualTypeOf<never>();
    expectTypeOf<KeyToken<Model>>().toEqualTypeOf<KeyToken>();
    expectTypeOf(keysOf('A21')).toEqualTypeOf<readonly KeyToken<'A21'>[]>();
    expectTypeOf(parseKey).returns.toEqualTypeOf<KeyToken>();
  });

  it('is typed in every spelling of the document', () => {
    expectTypeOf<
      'VOL_UP' | 'LK1' | 'LIKEKEY5' | 'DFOWARD' | 'MEG' | 'REBOOK' | 'X'
    >().toExtend<KeySpelling>();
    expectTypeOf<KeyToken>().toExtend<KeySpelling>();
    expectTypeOf<'LK7'>().not.toExtend<KeySpelling>();
    expectTypeOf<'LK2' | 'SFK3'>().toExtend<KeySpelling<'A21'>>();
    expectTypeOf<'LK3'>().not.toExtend<KeySpelling<'A21'>>();
    expectTypeOf<'MK1'>().not.toExtend<KeySpelling<'A21'>>();
  });
});

describe('a word', () => {
  const words =
    (...given: readonly Word<'A21'>[]) =>
    () =>
      parseSequence(given, { model: 'A21' });

  it('is a key of the model, a repeat, digits or a pause', () => {
    expect(words('LK2', 'VOLUME_UP*3', '6040', 'wait:500ms', 'wait:1.5s', 'SEND')()).toHaveLength(8);
    // @ts-expect-error an A21 has two line keys
    expect(words('LK3')).toThrow();
    // @ts-expect-error an A21 has two line keys, however often they are pressed
    expect(words('LINEKEY3*2')).toThrow();
    // @ts-expect-error an A21 has no memory keys
    expect(words('MK1')).toThrow();
    // @ts-expect-error a pause has a unit
    expect(words('wait:5', 'HOLD')).toThrow();
    // @ts-expect-error no key and no number
    expect(words('HOLDD')).toThrow();
    expectTypeOf<'LK3' | 'MK1' | 'wait:2m'>().toExtend<Word>();
  });
});

describe('unchecked text', () => {
  it('is neither digits nor a raw token', () => {
    expectTypeOf<string>().not.toExtend<DialString>();
    expectTypeOf<'6040'>().not.toExtend<DialString>();
    expectTypeOf<string>().not.toExtend<RawToken>();
    expectTypeOf<DialString>().toExtend<string>();
    expectTypeOf<{ kind: 'digits'; digits: string }>().not.toExtend<SequenceStep>();
    expectTypeOf<{ kind: 'raw'; token: string }>().not.toExtend<SequenceStep>();
    expectTypeOf<{ kind: 'key'; key: 'LINEKEY7' }>().not.toExtend<SequenceStep>();
    expectTypeOf<{ kind: 'key'; key: 'LINEKEY6' }>().toExtend<SequenceStep>();
  });
});

describe('a row of EVENTS', () => {
  it('says what the event means', () => {
    expectTypeOf<{ event: 'x'; label: 'X'; when: 'does x'; means: 'rings' }>().toExtend<EventDefinition>();
    expectTypeOf<{ event: 'x'; label: 'X'; when: 'does x' }>().not.toExtend<EventDefinition>();
    expectTypeOf<{ event: 'x'; label: 'X'; when: 'does x'; means: 'y' }>().not.toExtend<EventDefinition>();
  });
});

describe('settings', () => {
  it('know the models and the verbs', () => {
    expectTypeOf<{ host: string; model: 'A21' }>().toExtend<PhoneSettings<'A21'>>();
    expectTypeOf<{ host: string; model: 'A48' }>().not.toExtend<PhoneSettings<'A21'>>();
    expectTypeOf<{ host: string; model: 'A99' }>().not.toExtend<PhoneSettings>();
    expectTypeOf<{ 'dial.line': 'HOLD' }>().toExtend<VerbOverrides>();
    expectTypeOf<'dial.lines'>().not.toExtend<keyof VerbOverrides>();
    expectTypeOf<{ form: 'dail' }>().not.toExtend<VerbCall>();
  });
});
