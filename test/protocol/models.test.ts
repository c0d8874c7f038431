import { describe, expect, it } from 'vitest';
import { MODEL_NAMES, MODELS, MOST_KEYS, type Model, parseModel } from '../../src/protocol/models.ts';
import { failure } from './failure.ts';

describe('a model', () => {
  it('has no more keys of a family than the document knows', () => {
    expect(MOST_KEYS).toEqual({ lineKeys: 6, softkeys: 4, memoryKeys: 20 });
    const counts = MODEL_NAMES.flatMap((model) =>
      Object.values(MODELS[model]).map((count) => [model, count] as const),
    );
    expect(counts.filter(([, count]) => !Number.isInteger(count) || count < 0)).toEqual([]);
  });

  it('has the line keys of its series', () => {
    const bad = MODEL_NAMES.filter(
      (model) => MODELS[model].lineKeys !== MODELS[parseModel(`${model.slice(0, 2)}x`)].lineKeys,
    );
    expect(bad).toEqual([]);
  });

  it.each(MODEL_NAMES)('%s is found by its own name, in any case, with a w', (model) => {
    expect(
      [model, model.toUpperCase(), model.toLowerCase(), `${model}w`, ` ${model}W `].map(parseModel),
    ).toEqual(Array(5).fill(model));
  });

  it.each<[string, Model]>([
    ['A41w', 'A41'],
    ['A20', 'A2x'],
    ['a10w', 'A1x'],
    ['A48', 'A48'],
    ['A49', 'A4x'],
    ['A69', 'A6x'],
  ])('%s is %s', (text, model) => {
    expect(parseModel(text)).toBe(model);
  });

  it.each<[string, readonly Model[]]>([
    ['A4', MODEL_NAMES.filter((name) => name.startsWith('A4')).slice(0, 3)],
    ['A411', ['A11', 'A41']],
    ['B48', ['A48']],
    ['A58', ['A48', 'A68']],
    ['', []],
    ['w', []],
    ['A2xx', ['A2x']],
    ['A1000', []],
    ['iPhone', []],
  ])('%j is none: did you mean %j', (text, suggestions) => {
    const error = failure(() => parseModel(text));
    expect(error.code).toBe('unknown-model');
    expect(error.details).toEqual({ input: text, suggestions, has: MODEL_NAMES });
  });
});
