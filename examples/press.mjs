// node examples/press.mjs 127.0.0.1:7001 6002
import { isAtcomError, Phone } from 'atcom';

const [host = '127.0.0.1:7001', number = '6002'] = process.argv.slice(2);

try {
  const phone = new Phone({ host, model: 'A48' });
  const report = await phone.dial(number, { line: 2, waitApproval: 30_000 });
  console.log(report.outcome, report.requests[0].url);
  if (report.outcome !== 'ok') {
    console.error(report.error.code, report.error.message);
    process.exitCode = report.error.exitCode;
  }
} catch (error) {
  // Wrong words: nothing was sent.
  if (!isAtcomError(error)) throw error;
  console.error(error.code, error.message, error.hint ?? '');
  process.exitCode = error.exitCode;
}
