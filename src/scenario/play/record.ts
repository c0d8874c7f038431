import { append } from '../../append.ts';
import type { Heard } from '../../receiver/index.ts';
import type { CallAudio, SeenEvent, StepResult, TraceEntry } from '../result.ts';
import type { LeafStep, Phase, Step } from '../scenario.ts';
import type { Actor, Incident } from './actor.ts';
import type { EventRoom } from './event-room.ts';
import { audioOf, messagesOf } from './pbx-record.ts';
import type { Performance } from './performance.ts';

/** Where a leaf stands among the steps. */
export interface StepPlace {
  readonly phase: Phase;
  /** Counted from 1. */
  readonly number: number;
}

/** Milliseconds before a step in which the effect of its key may already have been reported by other phones. */
const JUST_BEFORE = 1000;

/** More events than this, in the result of a step, nobody reads; the trace has all of them. */
const MOST_SEEN = 100;

/** What an attempt leaves behind: results of steps, and a trace, in milliseconds since it began. */
export class AttemptRecord {
  readonly date = new Date();
  readonly #began = performance.now();
  readonly trace: TraceEntry[] = [];
  readonly steps: StepResult[] = [];
  /** The audio of each call, if there are phones at a PBX. */
  audio: readonly CallAudio[] = [];
  /** For the events that results of steps repeat. */
  readonly #room: EventRoom;

  constructor(room: EventRoom) {
    this.#room = room;
  }

  /** Milliseconds so far, to a tenth. */
  get ms(): number {
    return this.#since(performance.now());
  }

  /** Something that happened on a phone. */
  note({ role, name }: Actor, incident: Incident): void {
    const base = { at: this.#since(incident.at), role, phone: name };
    if (incident.kind === 'press') this.trace.push({ ...base, kind: 'press', keys: incident.keys });
    else if (incident.kind === 'event') this.trace.push({ ...base, kind: 'event', event: incident.event });
    else if (incident.kind === 'ignored') this.trace.push({ ...base, kind: 'ignored', what: incident.what });
    else this.trace.push({ ...base, kind: 'answer', ...incident.request, head: incident.head });
  }

  /** What the phones at a PBX said and heard. Before they unregister, which belongs to no step. */
  notePbx(actors: ReadonlyMap<string, Actor>): void {
    append(this.trace, messagesOf(actors.values(), this.date));
    this.trace.sort((a, b) => a.at - b.at);
    this.audio = audioOf(actors.values());
  }

  /** Steps that were not begun. */
  skip(phase: Phase, steps: readonly Step[], from = 0): void {
    for (const [index, { leaves }] of steps.entries()) {
      if (index < from) continue;
      for (const leaf of leaves)
        this.steps.push({ ...this.#base({ phase, number: index + 1 }, leaf), status: 'skipped', ms: 0 });
    }
  }

  /**
   * The result of a leaf that has ended.
   *
   * @param actors - the other phones, some of which may have reported what this one did not
   */
  resultOf(
    step: StepPlace,
    leaf: LeafStep,
    began: number,
    performed: Performance,
    actors: ReadonlyMap<string, Actor>,
  ): StepResult {
    const base = this.#base(step, leaf, began);
    const role = base.role ?? '';
    const result = { ...base, status: performed.status, ms: tenths(performance.now() - began) };
    if (performed.status === 'passed') {
      const { heard, sound } = performed;
      const events = heard?.map((each) => this.#seen(role, each));
      return {
        ...result,
        ...(events === undefined ? {} : { events }),
        ...(sound === undefined ? {} : { sound }),
      };
    }
    if (performed.status === 'error') return { ...result, error: performed.error };
    if (performed.status !== 'failed') return result;
    const { error, unread } = performed;
    const own = unread.map((heard) => this.#seen(role, heard));
    const others = [...actors.values()].filter((actor) => actor.role !== base.role);
    const foreign = this.#elsewhere(others, began);
    const [seen, elsewhere] = [this.#last(own), this.#last(foreign)];
    const omitted = own.length - seen.length + foreign.length - elsewhere.length;
    return { ...result, error, seen, elsewhere, ...(omitted > 0 && { omitted }) };
  }

  #base({ phase, number }: StepPlace, { place, text, ...leaf }: LeafStep, began = performance.now()) {
    const role = 'role' in leaf ? leaf.role : undefined;
    return { phase, number, place, role, text, at: this.#since(began) };
  }

  /** What other phones reported while a step waited, and just before. */
  #elsewhere(others: readonly Actor[], began: number): readonly SeenEvent[] {
    return others
      .flatMap(({ role, log }) =>
        log.told.filter(({ at }) => at >= began - JUST_BEFORE).map((heard) => this.#seen(role, heard)),
      )
      .sort((a, b) => a.at - b.at);
  }

  /** The last ones, as far as there is room. */
  #last(events: readonly SeenEvent[]): readonly SeenEvent[] {
    const late = events.slice(-MOST_SEEN);
    return late.slice(late.findLastIndex((event) => !this.#room.take(event)) + 1);
  }

  #seen(role: string, { at, event: { event, values } }: Heard): SeenEvent {
    return { at: this.#since(at), role, event, values };
  }

  /** Milliseconds since the attempt began. */
  #since(at: number): number {
    return tenths(at - this.#began);
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
