/** The page of one event: its times in the reader's zone, kept up to date live. */

import { LiveClient } from "./live.js";
import { announce, isCurrent, markLanguage, showConnection, showLevel } from "./parts.js";
import { pageData, Times } from "./times.js";

const data = pageData();
const words = data.words;
const times = new Times(data.calendar);
const RENEW_SPREAD_MS = 3_000; // a message to all pages must not become one burst of requests
const TIMES = ["occurs_at", "begins_at", "ends_at"];
let event = data.event;
let connection = "stopped";
let renewing = null;
let caughtUp = false;

const part = (selector) => document.querySelector(`.event-page ${selector}`);

/** Write what the server cannot know: the reader's zone, and what the clock says. */
function settle() {
  times.rewrite(document.querySelector(".event-page"));
  times.explain(document.getElementById("zone"), words.zone);
  showConnection(connection, words);
  tick();
}

function tick() {
  const page = document.querySelector(".event-page");
  page.toggleAttribute("data-current", isCurrent(event, data.afterglow_s * 1000));
}

function told(frame) {
  const news = frame.data;
  if (news?.id !== event.id || news.revision < event.revision) return;
  const moved = TIMES.some((name) => name in news && news[name] !== event[name]);
  event = { ...event, texts: null, ...news };
  if (event.status === "hidden") return takenOut();
  write();
  announce(words[frame.type.replace("event.", "")], event);
  if (moved) renewSoon(); // distance, figure, facts and course follow from the time
}

function takenOut() {
  document.querySelector(".event-page").dataset.status = "hidden";
  announce(part(".badge-hidden").textContent, event);
}

function write() {
  document.querySelector(".event-page").dataset.status = event.status;
  const title = part("h1");
  document.title = document.title.replace(title.textContent, () => event.title);
  title.textContent = event.title;
  for (const time of document.querySelectorAll(".hero-when time")) times.stand(time, event);
  markLanguage(title, event, data.language);
  for (const field of ["description", "reflection"]) {
    const block = part(`[data-text=${field}]`);
    paragraphs(block, event[field]);
    markLanguage(block, event, data.language, field);
  }
  part(".reflection").hidden = !event.reflection;
  writeLink(part("[data-link]"), event.link);
  showImage(part("[data-image]"), event.image);
  showLevel(part(".level"), event.significance);
  settle();
}

function writeLink(element, link) {
  element.hidden = !link?.startsWith("https://");
  if (element.hidden) return;
  element.href = link;
  element.textContent = new URL(link).hostname;
}

function showImage(place, image) {
  if (!image) return place.replaceChildren();
  const shown = place.querySelector("img") ?? place.appendChild(document.createElement("img"));
  Object.assign(shown, { src: image.url, width: image.width, height: image.height, alt: event.title });
}

/** Write a text as the server does: an empty line begins a new paragraph. */
function paragraphs(element, text) {
  const written = (text ?? "").split(/\n{2,}/).filter(Boolean).map((words) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = words;
    return paragraph;
  });
  element.replaceChildren(...written);
}

function renewSoon() {
  renewing ??= setTimeout(renew, Math.random() * RENEW_SPREAD_MS);
}

/** Load the page again and show its article in place of this one. */
async function renew() {
  renewing = null;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.status === 404) return takenOut();
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = pageData(page).event;
    if (fresh.revision < event.revision) return;
    event = fresh;
    document.title = page.title;
    document.querySelector(".event-page").replaceWith(page.querySelector(".event-page"));
    settle();
  } catch (error) {
    console.info("The page could not be loaded again; the next message tries again.", error);
  }
}

function connected(state) {
  connection = state;
  showConnection(state, words);
  // A page rendered before the log had a first message knows no place in it to resume from.
  if (state === "live" && !data.cursors.events && !caughtUp) {
    caughtUp = true;
    renew();
  }
}

settle();
setInterval(tick, 1_000);

const live = new LiveClient({
  url: data.live_url,
  lang: data.language,
  streams: ["events"],
  filter: { event_type: [event.event_type] },
  cursors: data.cursors,
  onEvent: told,
  onReset: renewSoon,
  onState: connected,
});
live.start();
addEventListener("pagehide", () => live.stop());
addEventListener("pageshow", (shown) => shown.persisted && live.start());
