import { jsonSchemaOf } from '../yaml/json-schema.ts';
import { FILE, type STEP_WORDS, WAITS } from './read/file-schema.ts';
import { PHASES } from './scenario.ts';

/** A value of `with:`. */
const VARIABLE = { type: 'string', pattern: '^\\$\\w+$' };

/**
 * The JSON Schema of a scenario file, for editors. The schema of steps is built here, because each file chooses the
 * names of its phones.
 */
export function makeJsonSchema(): object {
  const { $schema, properties = {}, ...file } = plain(jsonSchemaOf(FILE));
  const steps = { type: 'array', items: { $ref: '#/definitions/step' } };
  const { needs, ...others } = properties;
  return {
    $schema,
    title: 'Scenario of atcom',
    ...file,
    properties: {
      ...others,
      needs: withVariables(plain(needs)),
      ...Object.fromEntries(
        PHASES.map((phase) => [phase, { ...steps, description: plain(properties[phase]).description }]),
      ),
    },
    definitions: {
      step: {
        type: 'object',
        minProperties: 1,
        maxProperties: 1,
        properties: {
          parallel: { ...steps, description: 'Parallel steps; all of them must pass' },
          any: { ...steps, description: 'Parallel expectations of one phone each; one of them must be met' },
          pause: { type: 'string', description: 'Waits so long, such as 500ms' },
        } satisfies Record<(typeof STEP_WORDS)[number], object>,
        additionalProperties: { $ref: '#/definitions/action' },
      },
      action: {
        description: 'What a phone does, in the words of atcom, such as dial $b; or what it must report',
        anyOf: [{ type: 'string' }, ...Object.values(WAITS).map(waitOf)],
      },
    },
  };
}

interface Plain extends Readonly<Record<string, unknown>> {
  readonly $schema?: unknown;
  readonly description?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
}

function plain(schema: unknown): Plain {
  return schema as Plain;
}

function waitOf(wait: (typeof WAITS)[keyof typeof WAITS]): Plain {
  const { $schema, ...schema } = plain(jsonSchemaOf(wait));
  return schema;
}

function withVariables({ properties = {}, ...schema }: Plain): Plain {
  const either = Object.entries(properties).map(([name, number]) => [name, { anyOf: [number, VARIABLE] }]);
  return { ...schema, properties: Object.fromEntries(either) };
}
