// The text between the markers of each name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { atcom, demo, failing, json, root } from './programs.mjs';
import { confirm, doctor, journal, onVirtualPhones } from './stories.mjs';
import { exitCodes, keys, meanings, models } from './tables.mjs';

export const SECTIONS = {
  'exit-codes': exitCodes,
  models,
  meanings,
  keys,
  demo: () => fenced('text', demo()),
  environment: () => fenced('text', atcom('help environment')),
  json: () => fenced('json', json()),
  failing: () => fenced('text', failing()),
  confirm: async () => fenced('text', await onVirtualPhones(confirm)),
  doctor: async () => fenced('text', await onVirtualPhones(doctor)),
  journal: async () => fenced('text', await onVirtualPhones(journal)),
  config: () => example('yaml', 'atcom.config.yaml'),
  'night-mode': () => example('sh', 'night-mode.sh'),
  'ci-smoke': () => example('sh', 'ci-smoke.sh'),
  library: () => example('js', 'press.mjs'),
  building: () => example('sh', 'building.sh'),
  batch: () => example('text', 'night.atcom'),
  scenario: () => example('yaml', 'scenarios/attended-transfer.yaml'),
  vitest: () => example('typescript', 'vitest/call.test.ts'),
};

function example(language, name) {
  return fenced(language, readFileSync(join(root, 'examples', name), 'utf8'));
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
