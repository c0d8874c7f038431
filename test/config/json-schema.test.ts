import { expect, it } from 'vitest';
import { makeJsonSchema } from '../../src/config/json-schema.ts';
import { VERB_FORMS } from '../../src/protocol/verbs.ts';

it('describes a config file', async () => {
  const schema = makeJsonSchema();
  expect(schema).toMatchObject({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    properties: {
      default: { type: 'string', minLength: 1 },
      phones: {
        type: 'object',
        propertyNames: { type: 'string', pattern: '^[A-Za-z0-9._[][A-Za-z0-9._,/[\\]-]*$' },
        additionalProperties: { anyOf: [{ type: 'string' }, phone] },
      },
      profiles: {
        additionalProperties: {
          additionalProperties: false,
          properties: {
            default: { type: 'string' },
            phones: { additionalProperties: { anyOf: [{}, phone] } },
          },
        },
      },
    },
  });
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});

it('describes every setting of a phone in words', async () => {
  const schema = JSON.stringify(makeJsonSchema());
  const { properties } = JSON.parse(schema).properties.phones.additionalProperties.anyOf[1];
  const silent = Object.entries<{ description?: string }>(properties).filter(
    ([, { description }]) => !description,
  );
  expect(silent).toEqual([]);
  expect(Object.keys(properties.verbs.properties)).toEqual(VERB_FORMS);
});

const phone = {
  type: 'object',
  required: ['host'],
  additionalProperties: false,
  properties: {
    scheme: { enum: ['http', 'https'] },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    dialPrefix: { type: 'string', pattern: '^[0-9*#]*$', minLength: 1, maxLength: 32 },
    approval: {
      anyOf: [{ type: 'integer' }, { type: 'array' }, { type: 'object', additionalProperties: false }],
    },
    tls: { type: 'object', additionalProperties: false, properties: { insecure: { type: 'boolean' } } },
    password: { type: 'string' },
  },
};
