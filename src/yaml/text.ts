import { stringify } from 'yaml';

/** Data as YAML: a line for each setting, with the innermost settings inline. */
export function yamlText(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}
