// Receives webhooks, and prints each event once: node receive.mjs KEY_FILE PORT
// KEY_FILE has the key of the subscription.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [file, port] = process.argv.slice(2);
let last = '';
async function handle(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { type, data, sequence } = JSON.parse(body);
  if (type === 'subscription.challenge') {
    response.end(data.challenge);
  } else if (!isSigned(request.headers, body, readFileSync(file, 'utf8').trim())) {
    response.writeHead(401).end();
  } else {
    // An event may arrive again. Its sequence shows that.
    if (!sequence || sequence > last) {
      console.log(body.toString());
      last = sequence ?? last;
    }
    response.writeHead(204).end();
  }
}
createServer((request, response) => handle(request, response).catch(() => response.destroy()))
  .listen(Number(port), 'localhost');

function isSigned(received, body, key) {
  const time = received['webhook-timestamp'];
  const expected = createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'))
    .update(`${received['webhook-id']}.${time}.`).update(body).digest();
  const valid = signature => signature.length === expected.length && timingSafeEqual(signature, expected);
  return Math.abs(Date.now() / 1000 - Number(time)) < 300 && (received['webhook-signature'] ?? '').split(' ')
    .some(entry => entry.startsWith('v1,') && valid(Buffer.from(entry.slice(3), 'base64')));
}
