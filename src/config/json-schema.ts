import { jsonSchemaOf } from '../yaml/json-schema.ts';
import { fileSchema } from './schema.ts';

/** The JSON Schema of a config file, for editors. */
export function makeJsonSchema(): object {
  return { ...jsonSchemaOf(fileSchema()), title: 'Config of atcom' };
}
