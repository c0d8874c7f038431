import { AtcomError } from '../errors.ts';
import { closest } from './suggest.ts';

/** A variable that a phone replaces in an Action URL ("Action URL", table of variables). */
export interface VariableDefinition {
  readonly name: string;
  readonly description: string;
  /** Its source: the document's table, only its examples, or a misspelling of another variable. */
  readonly source: 'table' | 'example' | 'slip';
  /** For a misspelling, what was meant. */
  readonly meant?: string;
}

/** Every variable of the document. */
const VARIABLES = [
  { name: 'mac', source: 'table', description: 'the MAC address of the phone' },
  { name: 'ip', source: 'table', description: 'the IP address of the phone' },
  { name: 'model', source: 'table', description: 'the model of the phone' },
  { name: 'active_url', source: 'table', description: 'the SIP URI of the account in use' },
  { name: 'active_user', source: 'table', description: 'its user part' },
  { name: 'active_host', source: 'table', description: 'its host part' },
  { name: 'local', source: 'table', description: "the phone's own SIP URI" },
  { name: 'remote', source: 'table', description: 'the SIP URI of the other side' },
  { name: 'display_local', source: 'table', description: "the phone's own display name" },
  { name: 'display_remote', source: 'table', description: 'the display name of the other side' },
  { name: 'call_id', source: 'table', description: 'the call id of the active call' },
  { name: 'caller_id', source: 'table', description: 'the call id of the other call' },
  { name: 'firmware', source: 'example', description: 'the firmware version; a capture shows it filled in' },
  { name: 'called_number', source: 'example', description: 'the number called; in an example only' },
  // These arrive empty in the captures.
  { name: 'action_url', source: 'slip', meant: 'active_url', description: 'a slip for active_url' },
  { name: 'action_user', source: 'slip', meant: 'active_user', description: 'a slip for active_user' },
  { name: 'action_host', source: 'slip', meant: 'active_host', description: 'a slip for active_host' },
  { name: 'caller_ID', source: 'slip', meant: 'caller_id', description: 'a slip for caller_id' },
] as const satisfies readonly VariableDefinition[];

/** A variable that a phone replaces, such as `remote`. */
export type Variable = Exclude<(typeof VARIABLES)[number], { source: 'slip' }>['name'];

/** The rows, typed as definitions. */
export const VARIABLE_DEFINITIONS: readonly VariableDefinition[] = VARIABLES;

/** Finds a variable by its exact name. */
export function findVariable(name: string): VariableDefinition | undefined {
  return VARIABLE_DEFINITIONS.find((row) => row.name === name);
}

/** The variables that a phone replaces, without the misspellings. */
export const VARIABLE_NAMES: readonly Variable[] = VARIABLES.flatMap((row) =>
  row.source === 'slip' ? [] : [row.name],
);

/**
 * Finds a variable by the name that a user typed, with or without `$`.
 *
 * @throws {AtcomError} `usage`, with suggestions
 */
export function parseVariable(text: string): Variable {
  const bare = text.trim().replace(/^\$/, '');
  const variable = VARIABLE_NAMES.find((name) => name === bare);
  if (variable !== undefined) return variable;
  const meant = findVariable(bare)?.meant;
  const near = meant === undefined ? closest(bare, VARIABLE_NAMES) : [meant];
  throw new AtcomError('usage', {
    reason: `there is no variable ${JSON.stringify(bare)}`,
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${VARIABLE_NAMES.join(', ')}`,
  });
}
