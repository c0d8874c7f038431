import { expect, it } from 'vitest';
import { findEvent } from '../../src/protocol/events.ts';
import { VERB_EVENTS, type VerbProof, verbProof } from '../../src/protocol/verb-events.ts';
import { VERB_FORMS } from '../../src/protocol/verbs.ts';

it('names only verbs and events that there are', () => {
  for (const [form, proof] of Object.entries(VERB_EVENTS)) {
    expect(VERB_FORMS).toContain(form);
    const { events, followedBy = [], contrary = [], endedBy = [] }: VerbProof = proof;
    const named = [...events, ...followedBy, ...contrary, ...endedBy];
    for (const event of named) expect([form, findEvent(event)]).toEqual([form, event]);
  }
});

it('has a proof for each verb that an event in the document reports, and none for the others', () => {
  expect(verbProof('dnd.on')).toEqual({ events: ['openDND'], state: { dnd: true } });
  expect(VERB_FORMS.filter((form) => verbProof(form) === undefined)).toEqual([
    'conference',
    'split',
    'dtmf',
    'volume.up',
    'volume.down',
  ]);
});
