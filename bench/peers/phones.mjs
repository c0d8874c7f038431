// Many phones in a separate process: for each message { port, events }, sends that many events, each as HTTP/1.0 on its
// own connection, and answers with the milliseconds it took, or with the error.
import { connect } from 'node:net';

/** Parallel connections; far fewer than a receiver allows one address. */
const PHONES = 32;

const request = Buffer.from(
  'GET /incomingCallUrl.xml?mac=80:82:87:04:6B:C2&ip=172.16.0.102&local=sip:6001@172.16.0.7' +
    '&remote=sip:+4930123456@172.16.0.7&display_remote=Smith%20%26%20Sons&call_id=1a2b3c4d HTTP/1.0\r\n\r\n',
);

/** Reports one event; settles when the other side has answered and closed. */
function report(port) {
  return new Promise((resolve, reject) => {
    let status = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('data', (answer) => {
      status = answer.toString('latin1', 9, 12);
    });
    socket.on('error', reject).on('close', () => {
      if (status === '200') resolve();
      else reject(new Error(`the answer was ${JSON.stringify(status)}`));
    });
    socket.write(request);
  });
}

async function reportAll({ port, events }) {
  let left = events;
  const phone = async () => {
    while (left > 0) {
      left -= 1;
      await report(port);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: PHONES }, phone));
  return performance.now() - started;
}

process.on('message', (order) => {
  reportAll(order).then(
    (ms) => process.send({ ms }),
    (error) => process.send({ error: error.message }),
  );
});
