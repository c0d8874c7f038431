import { AtcomError } from '../errors.ts';
import { closest } from './suggest.ts';

/** How many keys of each numbered family a phone has. */
export interface ModelDefinition {
  readonly lineKeys: number;
  readonly softkeys: number;
  readonly memoryKeys: number;
}

/**
 * The models the vendor's document names, with the limits it gives ("Active URI", table of keys: soft keys, line
 * keys, memory keys). For a series such as `A2x` it only gives the line keys, so the other families have
 * their full range there.
 */
export const MODELS = {
  A11: { lineKeys: 1, softkeys: 3, memoryKeys: 0 },
  A21: { lineKeys: 2, softkeys: 3, memoryKeys: 0 },
  A41: { lineKeys: 4, softkeys: 4, memoryKeys: 8 },
  A48: { lineKeys: 4, softkeys: 4, memoryKeys: 8 },
  A68: { lineKeys: 6, softkeys: 4, memoryKeys: 20 },
  A1x: { lineKeys: 1, softkeys: 4, memoryKeys: 20 },
  A2x: { lineKeys: 2, softkeys: 4, memoryKeys: 20 },
  A4x: { lineKeys: 4, softkeys: 4, memoryKeys: 20 },
  A6x: { lineKeys: 6, softkeys: 4, memoryKeys: 20 },
} as const satisfies Readonly<Record<string, ModelDefinition>>;

/** A model, or a series such as `A2x`. */
export type Model = keyof typeof MODELS;

/** A family of numbered keys, such as `lineKeys`. */
export type KeyFamily = keyof ModelDefinition;

/** All models, in the order of the table. */
export const MODEL_NAMES = Object.keys(MODELS) as readonly Model[];

/** The highest number of a family on any model. */
export const MOST_KEYS: ModelDefinition = {
  lineKeys: Math.max(...MODEL_NAMES.map((model) => MODELS[model].lineKeys)),
  softkeys: Math.max(...MODEL_NAMES.map((model) => MODELS[model].softkeys)),
  memoryKeys: Math.max(...MODEL_NAMES.map((model) => MODELS[model].memoryKeys)),
};

/**
 * Finds a model by any name that people or phones use: in any case, with the `w` of a Wi-Fi variant (a capture in the
 * document shows `model=A41w`), or as a member of a series, so that `A20` is an `A2x`.
 *
 * @throws {AtcomError} `unknown-model`
 * @example
 * ```ts
 * import { parseModel } from 'atcom';
 * parseModel('a41w'); // 'A41'
 * parseModel('A20'); // 'A2x'
 * ```
 */
export function parseModel(text: string): Model {
  const wanted = text.trim().toLowerCase().replace(/w$/, '');
  const exact = MODEL_NAMES.find((model) => model.toLowerCase() === wanted);
  const series = MODEL_NAMES.find((model) => model.toLowerCase() === wanted.replace(/^(a\d)\d$/, '$1x'));
  const found = exact ?? series;
  if (found === undefined) {
    throw new AtcomError('unknown-model', {
      input: text,
      suggestions: closest(text, MODEL_NAMES),
      has: MODEL_NAMES,
    });
  }
  return found;
}

/**
 * The models that a name selects: of a series, all of its models. A name that counts as another one, as of a model that the
 * document does not list, or of a variant with Wi-Fi, cannot be told from others that do.
 *
 * @throws {AtcomError} `unknown-model`; `usage` for such a name
 */
export function modelsNamed(text: string): readonly Model[] {
  const model = parseModel(text);
  if (text.trim().toLowerCase() !== model.toLowerCase()) {
    const reason = `${text.trim()} counts as ${model}, so others that do would be meant, too`;
    throw new AtcomError('usage', { reason, hint: `write ${model} for all of them, or name the phones` });
  }
  if (!isSeries(model)) return [model];
  return MODEL_NAMES.filter((one) => one.slice(0, -1) === model.slice(0, -1));
}

function isSeries(model: Model): boolean {
  return model.endsWith('x');
}
