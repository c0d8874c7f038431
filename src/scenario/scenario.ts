import { createHash } from 'node:crypto';
import type { SendOptions } from '../phone/index.ts';
import { canonicalHost } from '../protocol/command-url.ts';
import type { Sequence } from '../protocol/sequence.ts';
import { type PhoneSettings, phoneKey } from '../protocol/settings.ts';
import { accountPort } from '../protocol/sip-place.ts';
import { unescaped } from '../protocol/unescaped.ts';
import type { SipAccount } from '../simulator/index.ts';
import type { Mode, Pattern } from './play/event-log.ts';

/** A place in a file, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}

/** The account at a PBX that a virtual phone registers with. */
export interface RoleAccount {
  /** Its name in the config. */
  readonly name: string;
  /** `sip:6003@10.0.0.1:5060`. */
  readonly uri: string;
  /**
   * Reads its password, when the phone is started.
   *
   * @throws {AtcomError} `unreadable-file`
   */
  readonly read: () => Promise<SipAccount> | SipAccount;
}

/** A phone of a scenario. */
export interface Role {
  /** Its name in the steps. */
  readonly name: string;
  /** The address of a virtual phone is a placeholder until it runs. */
  readonly settings: PhoneSettings;
  readonly virtual: boolean;
  /** Of a virtual phone at a PBX; the others can call each other only. */
  readonly account?: RoleAccount | undefined;
}

/** Whether a phone is on the switchboard of this process, which has no audio and no other phones. */
export function isInProcess({ virtual, account }: Pick<Role, 'virtual' | 'account'>): boolean {
  return virtual && account === undefined;
}

/**
 * What is locked while a phone is in use: the phone, or its account, which only one phone can register; otherwise
 * nothing.
 */
export function lockOf({ settings, virtual, account }: Role): PhoneSettings | undefined {
  if (!virtual) return settings;
  if (account === undefined) return undefined;
  // A host name takes neither an IP address, nor capitals that mean another account.
  const key = createHash('sha256').update(canonicalUri(account.uri)).digest('hex').slice(0, 16);
  return { name: account.uri, host: `account-${key}` };
}

/** What one phone at a time can have: its address, or that of its account, and its MAC. */
export function keysOf(role: Role): readonly string[] {
  const lock = lockOf(role);
  const { mac } = role.settings;
  return lock === undefined ? [] : [phoneKey(lock), ...(mac === undefined ? [] : [mac])];
}

/** The address of an account in one spelling, so that one account is not taken for two. */
function canonicalUri(uri: string): string {
  const [, user = uri, host = '', port = 5060] = /^sips?:([^@]*)@(\[.*\]|[^:]*)(?::(\d+))?$/i.exec(uri) ?? [];
  const at = accountPort(Number(port));
  return `${unescaped(user)}@${canonicalHost(host.replace(/^\[|\]$/g, '')) ?? host}${at === 5060 ? '' : `:${at}`}`;
}

interface StepBase {
  readonly place: Place;
  /** What it does, in words: `b: expect incomingCall within 3s`. */
  readonly text: string;
}

/** Presses keys. */
export interface PressStep extends StepBase {
  readonly kind: 'press';
  readonly role: string;
  readonly sequence: Sequence;
  readonly options: Pick<SendOptions, 'retry' | 'waitApproval'>;
}

/** Checks that a phone takes keys and is in no call. */
export interface IdleStep extends StepBase {
  readonly kind: 'idle';
  readonly role: string;
  readonly within: number;
}

/** Waits for events; durations are milliseconds. */
export interface ExpectStep extends StepBase {
  readonly kind: 'expect';
  readonly role: string;
  readonly mode: Mode;
  readonly patterns: readonly Pattern[];
  /** The same in words: `any of established, remoteBusy`. */
  readonly what: string;
  readonly within: number;
}

/** Fails if an event comes. */
export interface NeverStep extends StepBase {
  readonly kind: 'never';
  readonly role: string;
  readonly pattern: Pattern;
  readonly during: number;
}

/** A tone to hear: that of a phone, or one of a frequency. */
export type WantedTone = { readonly role: string } | { readonly hertz: number };

/** What a telephone passes, in hertz. */
export const AUDIBLE = { lowest: 300, highest: 3400 } as const;

/** How many tones at once can be told apart in what a telephone passes. */
export const MOST_TONES = 8;

/** Whether a tone can be heard through a telephone. */
export function isAudible(hertz: number): boolean {
  return hertz >= AUDIBLE.lowest && hertz <= AUDIBLE.highest;
}

/** Proves what is heard, and that it is nothing else. */
export interface HearsStep extends StepBase {
  readonly kind: 'hears';
  readonly role: string;
  /** None is silence. */
  readonly tones: readonly WantedTone[];
  /** The same in words: `a and 1004 Hz`. */
  readonly what: string;
  readonly within: number;
}

/** A sound is proven by 300 ms of it, so a shorter wait can prove nothing. */
export const SHORTEST_HEARING = 400;

/** Waits for digits that the other side sends. */
export interface HeardStep extends StepBase {
  readonly kind: 'heard';
  readonly role: string;
  readonly dtmf: string;
  readonly within: number;
}

/** Plays a recording into the call, and ends with it. */
export interface SaysStep extends StepBase {
  readonly kind: 'says';
  readonly role: string;
  /** At 8000 Hz. */
  readonly samples: Int16Array;
}

/** Waits. */
export interface PauseStep extends StepBase {
  readonly kind: 'pause';
  readonly ms: number;
}

/** What one phone does, or nothing. */
export type LeafStep =
  | PressStep
  | IdleStep
  | ExpectStep
  | NeverStep
  | HearsStep
  | HeardStep
  | SaysStep
  | PauseStep;

/** Leaves at the same time: all of them, or with `first` the expectation that is met first. */
export interface Step {
  readonly join: 'each' | 'first';
  readonly leaves: readonly LeafStep[];
}

/** The parts of a scenario, in their order. */
export const PHASES = ['setup', 'steps', 'cleanup'] as const;
export type Phase = (typeof PHASES)[number];

/** A scenario that is ready to run: all words are parsed, all keys are known. Durations are milliseconds. */
export interface Scenario extends Readonly<Record<Phase, readonly Step[]>> {
  readonly name: string;
  readonly file: string;
  readonly place: Place;
  readonly tags: readonly string[];
  /** For setup and steps. */
  readonly timeout: number;
  /** For cleanup, which has its own time limit. */
  readonly cleanupTimeout: number;
  readonly roles: readonly Role[];
  /** Why it cannot run on these phones; then it is skipped. */
  readonly unmet?: string;
  /** The options of its virtual phones. */
  readonly simulator: { readonly ring?: number; readonly latency?: number; readonly pbx?: 'proxy' | 'b2bua' };
}
