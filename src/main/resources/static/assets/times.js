const format = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** Shows a time in the reader's time zone. */
export function showTime(element, time) {
  element.dateTime = time;
  element.textContent = format.format(new Date(time));
}

/** Shows all times below an element in the reader's time zone. */
export function showTimes(root) {
  for (const element of root.querySelectorAll("time")) {
    showTime(element, element.dateTime);
  }
}
