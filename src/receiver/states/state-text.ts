import type { PhoneState } from './state.ts';

const texts = new WeakMap<PhoneState, string>();

/**
 * A state as JSON. A state never changes, so this is made once: it is counted with every event, and told thousands at a
 * time while phones wait for their answers.
 */
export function stateText(state: PhoneState): string {
  const known = texts.get(state);
  if (known !== undefined) return known;
  const text = JSON.stringify(state);
  texts.set(state, text);
  return text;
}
