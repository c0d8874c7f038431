import { toJsonSchema } from '@valibot/to-json-schema';
import { fileSchema } from './schema.ts';

/** The JSON Schema of a config file, for editors. What JSON Schema cannot say (`parsedBy`) is left out. */
export function makeJsonSchema(): object {
  const schema = toJsonSchema(fileSchema(), {
    // Checks stand before and after the schema of a setting; `output` takes the schema they surround.
    typeMode: 'output',
    ignoreActions: ['check', 'raw_check'],
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'loose_object' ? { ...jsonSchema, additionalProperties: false } : undefined,
  });
  return { ...schema, title: 'Config of atcom' };
}
