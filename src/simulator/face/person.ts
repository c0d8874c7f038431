import { isIP } from 'node:net';
import type { FaceAction } from '../../pages/face/data.ts';
import type { AllowList } from '../approval.ts';
import { isRecord, member } from '../body.ts';
import type { Desk } from '../desk.ts';

/** The keys that answer "Allow Remote Control?": the soft keys under its labels, and their equivalents. */
const ANSWERS: Readonly<Record<string, 'save' | 'cancel'>> = {
  SOFTKEY1: 'save',
  OK: 'save',
  SOFTKEY2: 'cancel',
  CANCEL: 'cancel',
};

/** Performs what a person does at the phone, one key at a time. */
export function act(desk: Desk, action: FaceAction): void {
  if ('hook' in action) {
    desk.hook(action.hook);
    return;
  }
  for (const key of action.keys) {
    const answer = Object.hasOwn(ANSWERS, key) ? ANSWERS[key] : undefined;
    if (answer === undefined || !desk.answerPrompt(answer)) desk.press([key]);
    else desk.feed.key({ token: key, keys: [key], softKey: null, ignored: false });
  }
}

/** More keys than anyone can press between two requests. */
const MOST_KEYS = 64;

/** Reads `{"keys":["6","SOFTKEY1"]}` or `{"hook":"off"}`; undefined for anything else. */
export function readAction(value: unknown): FaceAction | undefined {
  if (!isRecord(value)) return undefined;
  const { keys, hook } = value;
  if (hook === 'off' || hook === 'on') return { hook };
  const isKeys =
    Array.isArray(keys) &&
    keys.length > 0 &&
    keys.length <= MOST_KEYS &&
    keys.every((key): key is string => typeof key === 'string' && /^[A-Z0-9_*]{1,40}$/.test(key));
  return isKeys ? { keys } : undefined;
}

/** Reads `{"allow":"172.16.0.235, 172.16.0.232"}`, as typed on the page. Returns the list, or what is wrong with it. */
export function readAllowList(value: unknown): AllowList | { readonly wrong: string } {
  const text = member(value, 'allow');
  if (typeof text !== 'string') return { wrong: 'send {"allow":"any"}, or addresses separated by commas' };
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (entries.includes('any')) return 'any';
  const bad = entries.find((entry) => isIP(entry) === 0);
  return bad === undefined
    ? entries
    : { wrong: `${bad.slice(0, 40)} is not an IP address; separate addresses by commas` };
}
