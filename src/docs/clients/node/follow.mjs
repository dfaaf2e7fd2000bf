// Prints the events of a feed: node follow.mjs FILE [QUERY]
// FILE stores the position, from which the next run continues.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const [file, query = 'since=earliest'] = process.argv.slice(2);
const url = (process.env.FRESHET_URL ?? 'http://localhost:8080') + '/api/v1/articles';
const headers = process.env.FRESHET_TOKEN ? { Authorization: `Bearer ${process.env.FRESHET_TOKEN}` } : {};
const mayRetry = response => response.status === 429 || response.status >= 500;
const retryAfter = response => 1000 * (Number(response.headers.get('retry-after')) || 2);

let pause = 1000;
const handle = event => {
  if (event.event?.startsWith('article.') || event.event === 'reset') {
    console.log(event.data);
  }
  if (event.id) {
    writeFileSync(file + '.new', event.id);
    renameSync(file + '.new', file);
  }
  pause = Number(event.retry ?? pause);
};
for (;; await sleep(pause)) {
  const silence = new AbortController();
  // The server sends a comment every 15 seconds.
  const timer = setTimeout(() => silence.abort(), 45000);
  try {
    const position = existsSync(file) ? { 'Last-Event-ID': readFileSync(file, 'utf8') } : {};
    const response = await fetch(`${url}?${query}`, {
      headers: { ...headers, ...position, Accept: 'text/event-stream' }, signal: silence.signal });
    if (mayRetry(response)) {
      pause = retryAfter(response);
    } else if (!response.ok) {
      console.error(await response.text());
      process.exit(1);
    } else {
      let text = '';
      for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
        timer.refresh();
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop();
        blocks.forEach(block => handle(Object.fromEntries(
          [...block.matchAll(/^(\w+): ?(.*)$/gm)].map(field => field.slice(1)))));
      }
    }
  } catch (error) {
    console.error(`Reconnecting: ${error.message}`);
  }
  clearTimeout(timer);
}
