/** What the home page and the page of an event share. */

/** Say whether an event is going on, or its instant is less than `afterglowMs` past. */
export function isCurrent(event, afterglowMs, now = Date.now()) {
  const begins = Date.parse(event.begins_at ?? event.occurs_at);
  return begins <= now && now < end(event, afterglowMs);
}

export function end(event, afterglowMs) {
  return event.ends_at ? Date.parse(event.ends_at) : Date.parse(event.occurs_at) + afterglowMs;
}

/** Mark a text that stands in for a missing one as being in another language. */
export function markLanguage(element, event, language, text = "title") {
  const used = event.texts?.[text]?.lang ?? event.lang_used;
  if (used && used !== language) element.lang = used;
  else element.removeAttribute("lang");
}

export function showLevel(element, significance) {
  element.dataset.level = significance;
  const words = element.querySelector(".visually-hidden");
  words.textContent = words.dataset.sentence.replace("%(level)s", significance);
}

/** Tell the state of the connection beside the zone. */
export function showConnection(state, words) {
  const badge = document.getElementById("connection");
  const told = { live: words.live, connecting: words.connecting }[state] ?? words.offline;
  badge.hidden = state === "stopped";
  badge.dataset.state = state;
  document.getElementById("connection-text").textContent = told;
}

/** Tell those who do not see the page what has changed on it. */
export function announce(sentence, event) {
  if (!sentence || !event?.title) return;
  document.getElementById("news").textContent = sentence.replace("%(title)s", event.title);
}
