// The baseline of bench/receiver.mjs: Node's http server, which answers 200 and does nothing. Prints its port.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
