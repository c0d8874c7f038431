import type { Model } from '../protocol/models.ts';
import { over, type Shared, settingsFrom } from './phone.ts';
import type { WrittenFile } from './reader.ts';

/** The settings that a phone inherits, by its model. */
export type Inherited = (file: WrittenFile, model: Model | undefined) => Shared;

/**
 * The settings that phones inherit: from their model and `defaults:` in their own file, then from those of the user's
 * file. A project file does not affect the user's phones, whose passwords it could send elsewhere.
 *
 * @param files - the project's first
 */
export function inheritance(files: readonly WrittenFile[]): Inherited {
  const known = new Map<string, Shared>();
  const layers = files.map((file) => layerOf(file));
  return (file, model) => {
    const from = layers.slice(files.indexOf(file));
    const meant = model ?? from.map(({ all }) => all.model).find((each) => each !== undefined);
    const key = `${from.length} ${meant}`;
    const found =
      known.get(key) ??
      from.reduceRight<Shared>((far, { all, ofModel }) => over(over(ofModel(meant), all), far), {});
    known.set(key, found);
    return found;
  };
}

function layerOf({ found, settings: { defaults, dialPlan, models = {} } }: WrittenFile) {
  const plan = dialPlan === undefined ? {} : { dialPlan };
  const all = over(settingsFrom(defaults ?? {}, found), plan);
  const ofModel = (model: Model | undefined): Shared =>
    model === undefined ? {} : settingsFrom(models[model] ?? {}, found);
  return { all, ofModel };
}
