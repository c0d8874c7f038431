import { fromHelp, heading, paragraph, subheading, tagged } from './roff.ts';

/** The parts of a JSON Schema that the pages use. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
}

const PLACES = `These are read together: the nearest file from the current folder up to the home folder, the user's and the computer's:
  atcom.config.yaml               .atcomrc, .atcomrc.yaml, .config/atcomrc.yaml and the like, each also as .json
  ~/.config/atcom/config.yaml     the user's own; may hold credentials
  /etc/atcom/atcom.config.yaml    the computer's; used if only root can write to it; may hold credentials
Entries in a nearer file replace those of the same name. atcom config path shows which files are used.`;

/** The sections of atcom.config(5), generated from the schema of config files. */
export async function configPage(): Promise<readonly string[]> {
  const { makeJsonSchema } = await import('../../config/json-schema.ts');
  const { properties = {} } = makeJsonSchema() as Schema;
  const nested = Object.entries(properties).flatMap(([name, schema]) => {
    const inner = settingsIn(schema);
    return inner === undefined || name === 'profiles' ? [] : [subheading(headOf(name, schema), rows(inner))];
  });
  return [
    heading('description', paragraph('A config is data in YAML or JSON: phones, and how to talk to them.')),
    heading('files', fromHelp(PLACES)),
    heading('settings', [rows(properties), ...nested].join('\n')),
  ];
}

/** `Each entry of phones`, `Settings of listener`. */
function headOf(name: string, { properties }: Schema): string {
  return properties === undefined ? `Each entry of ${name}` : `Settings of ${name}`;
}

/** The settings in a setting, or in each of its entries. */
function settingsIn(schema: Schema): Schema['properties'] {
  const entry = typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
  const candidates = [schema, ...entry, ...entry.flatMap(({ anyOf = [] }) => anyOf)];
  return candidates.find(({ properties }) => properties !== undefined && Object.keys(properties).length > 0)
    ?.properties;
}

function rows(properties: Readonly<Record<string, Schema>>): string {
  return Object.entries(properties)
    .map(([name, { description = '', enum: choices }]) =>
      tagged(
        name,
        [description, ...(choices === undefined ? [] : [`(${choices.join(', ')})`])].join(' ').trim(),
      ),
    )
    .join('\n');
}
