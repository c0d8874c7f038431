import { Command, Option } from '@commander-js/extra-typings';
import { parseDuration } from '../../protocol/duration.ts';
import type { Context } from '../context.ts';
import { collect, wholeNumber } from '../options.ts';
import { GITHUB, reportParser, SCENARIO_FORMATS } from '../reports/index.ts';

import { readWords } from '../test/words.ts';

/** `atcom test <file…>` */
export function testCommand(context: Context) {
  return new Command('test')
    .summary('run call scenarios on real and virtual phones')
    .description(
      'Runs scenarios: files that say who calls whom and what the phones must report. ' +
        'Exits with 6 if an expectation was not met, 2 if a file is wrong (nothing was sent).',
    )
    .argument('[files...]', 'scenario files (atcom help scenarios)')
    .option('--check', 'check the files, without phones')
    .option('--list', 'list the scenarios')
    .option('--schema', 'print the JSON Schema of a scenario file, for editors')
    .option('-n, --dry-run', 'print the exact URLs and send nothing')
    .option('--simulate', 'replace every phone with a virtual one')
    .option('--sip-pbx <pbx>', 'give every phone an account of this PBX from the config')
    .option('--tag <tag>', 'only scenarios with this tag; repeatable', collect)
    .option('--grep <pattern>', 'only scenarios whose name matches this regular expression')
    .option(
      '-j, --jobs <n>',
      'scenarios to run at the same time, if they share no phone',
      wholeNumber(1, 256),
      1,
    )
    .option('--retries <n>', 'run failed scenarios again; a late pass is flaky', wholeNumber(0, 100), 0)
    .option('--fail-on-flaky', 'count a late pass as a failure')
    .option(
      '--report <format:file>',
      `also write ${SCENARIO_FORMATS.map((format) => `${format}:FILE`).join(', ')}; or ${GITHUB}; repeatable`,
      reportParser(SCENARIO_FORMATS, [GITHUB]),
    )
    .option('--trace <folder>', 'where to write traces of failures', 'atcom-traces')
    .addOption(new Option('--no-trace', 'write no traces'))
    .option(
      '--wait-phones <duration>',
      'how long to wait for phones that another run is using',
      parseDuration,
    )
    .option('--host <address>', 'address to listen on; phones cannot reach 127.0.0.1')
    .option('--port <port>', 'port to listen on (default: 8088)', wholeNumber(0, 65_535))
    .option('--force', 'also press keys on a phone that is in a call')
    .option('--yes', 'do not ask, even for REBOOT')
    .addHelpText(
      'after',
      '\nExamples:\n  $ atcom test scenarios/basic-call.yaml --simulate\n  $ atcom test scenarios/line-2.yaml --dry-run',
    )
    .action(async (files, options) => {
      const { testScenarios } = await import('../test/test.ts');
      await testScenarios(context, readWords(context), files, options);
    });
}
