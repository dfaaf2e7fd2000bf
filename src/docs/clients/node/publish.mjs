// Publishes an article once, however often the connection fails: node publish.mjs TITLE
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

const title = process.argv[2];
const url = (process.env.FRESHET_URL ?? 'http://localhost:8080') + '/api/v1/articles';
const headers = process.env.FRESHET_TOKEN ? { Authorization: `Bearer ${process.env.FRESHET_TOKEN}` } : {};
const mayRetry = response => response.status === 429 || response.status >= 500;
const retryAfter = response => 1000 * (Number(response.headers.get('retry-after')) || 2);

const request = { method: 'POST', body: JSON.stringify({ title, status: 'published' }),
  headers: { ...headers, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() } };
for (let attempt = 1; attempt <= 10; attempt++) {
  const response = await fetch(url, request).catch(() => null);
  if (response && !mayRetry(response)) {
    console.log(await response.text());
    process.exit(response.ok ? 0 : 1);
  }
  await sleep(response ? retryAfter(response) : 1000);
}
process.exit(1);
