import { stringify } from 'yaml';

/** Data as YAML: a line a setting, the innermost settings in one line. */
export function yamlText(value: object): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
}
