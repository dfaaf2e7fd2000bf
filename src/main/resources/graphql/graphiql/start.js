/* global GraphiQL, React, ReactDOM */
'use strict';

const URL = '/graphql';

const WELCOME = `# Press Ctrl+Enter to run the operation at the cursor. The book icon shows the documentation.

query Newest {
  articles(first: 10) {
    nodes { id title publishedAt }
  }
}

subscription Events {
  events {
    type
    article { title }
  }
}

# Needs a token among the headers: {"Authorization": "Bearer ..."}
mutation Publish {
  createArticle(input: {title: "Hello from GraphiQL", body: "It *works*.", status: PUBLISHED}) {
    article { id version }
  }
}
`;

function post(body, headers, accept, signal) {
  return fetch(URL, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify(body),
    signal,
  });
}

/** Calls next for each result of a stream. */
async function read(response, next) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    const events = (text + value).split('\n\n');
    text = events.pop();
    for (const event of events) {
      const data = event.split('\n').find(line => line.startsWith('data:{'));
      if (data) {
        next(JSON.parse(data.slice('data:'.length)));
      }
    }
  }
}

function subscription(body, headers) {
  return {
    subscribe(observer) {
      const controller = new AbortController();
      (async () => {
        const response = await post(body, headers, 'text/event-stream', controller.signal);
        if (!response.ok) {
          observer.next(await response.json());
          return;
        }
        await read(response, result => observer.next(result));
      })().then(
        () => observer.complete(),
        error => controller.signal.aborted || observer.error(error),
      );
      return { unsubscribe: () => controller.abort() };
    },
  };
}

function isSubscription(document, operationName) {
  return document.definitions.some(definition =>
    definition.kind === 'OperationDefinition'
    && definition.operation === 'subscription'
    && (!operationName || definition.name?.value === operationName));
}

function fetcher(body, options = {}) {
  const { documentAST, headers } = options;
  if (documentAST && isSubscription(documentAST, body.operationName)) {
    return subscription(body, headers);
  }
  return post(body, headers, 'application/json').then(response => response.json());
}

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: WELCOME, shouldPersistHeaders: false }),
);
