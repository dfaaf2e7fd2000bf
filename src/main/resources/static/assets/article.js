import { follow } from "./follow.js";
import { showTimes } from "./times.js";

const article = document.getElementById("article");
const notice = document.getElementById("notice");

function tell(text, address, label) {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = label;
  notice.replaceChildren(text, " ", link);
  notice.hidden = false;
}

async function changed() {
  // It leaves its author's feed too where it gets another author: the page itself tells which it was.
  const { status } = await fetch(location.href, { method: "HEAD", cache: "no-store" });
  if (status === 410) {
    tell("This article was withdrawn.", "/", "See the newest articles");
  } else {
    tell("This article was updated.", location.href, "Reload it");
  }
}

showTimes(document);
follow(article.dataset.stream, article.dataset.cursor, {
  change(type, { id, version }) {
    if (id === article.dataset.id && !(version <= Number(article.dataset.version))) {
      changed().catch(() => tell("This article has changed.", location.href, "Reload it"));
    }
  },
  reset: () => tell("This article may have changed.", location.href, "Reload it"),
  status() {},
});
