/** The home page: times in the reader's zone, a countdown, and the list kept up to date live. */

import { Agenda } from "./agenda.js";
import { Countdown } from "./countdown.js";
import { LiveClient } from "./live.js";
import { Notices, pageStorage } from "./notices.js";
import { announce, markLanguage, showConnection } from "./parts.js";
import { pageData, Times } from "./times.js";

const data = pageData();
const words = data.words;
const times = new Times(data.calendar);
const byId = (id) => document.getElementById(id);
const agenda = new Agenda({
  months: byId("months"), empty: byId("empty"), language: data.language,
  times, afterglowS: data.afterglow_s, limit: data.limit, least: data.least,
});
const notices = new Notices({
  list: byId("notices"), template: byId("notice-template"), language: data.language,
  storage: pageStorage(),
});
const countdown = new Countdown(byId("countdown"), data.units);
const RELOAD_SPREAD_MS = 3_000; // a message to all pages must not become one burst of requests
let reloading = null;
let caughtUp = false;

const hero = {
  id: null,
  revision: null,

  show(event, current) {
    byId("hero").hidden = !event;
    if (!event) return;
    const label = byId("hero-label");
    const text = current ? label.dataset.now : label.dataset.next;
    if (label.textContent !== text) label.textContent = text;
    if (event.id !== this.id || event.revision !== this.revision) this.fill(event);
    countdown.show(Date.parse(event.occurs_at));
  },

  fill(event) {
    this.id = event.id;
    this.revision = event.revision;
    const link = byId("hero-link");
    link.textContent = event.title;
    link.href = agenda.address(event);
    byId("hero-text").textContent = event.description ?? "";
    markLanguage(byId("hero-link"), event, data.language);
    markLanguage(byId("hero-text"), event, data.language, "description");
    byId("hero-symbol").setAttribute("href", agenda.symbol(event));
    const beside = byId("hero-beside"); // the server wrote it for one event, as it was then
    beside.hidden = beside.dataset.id !== event.id || Number(beside.dataset.revision) !== event.revision;
    for (const id of ["hero-date", "hero-time"]) times.stand(byId(id), event);
    times.rewrite(byId("hero"));
  },
};

function tick() {
  if (agenda.expire() && agenda.isThin()) reloadSoon();
  const next = agenda.next();
  hero.show(next, next ? agenda.isCurrent(next) : false);
}

function told(frame) {
  const kind = frame.type.replace("event.", "");
  if (frame.type === "coverage") return reloadSoon();
  if (frame.type === "announcement" && frame.data?.id) return notices.told(frame.data);
  if (!frame.type.startsWith("event.") || !frame.data?.id) return;
  if (frame.data.status === "hidden") agenda.remove(frame.data.id);
  else if (agenda.put(frame.data, { fresh: true })) announce(words[kind], frame.data);
  tick();
}

function reloadSoon() {
  reloading ??= setTimeout(reload, Math.random() * RELOAD_SPREAD_MS);
}

async function load(address) {
  const headers = { Accept: "application/json" };
  const answer = await fetch(`/api/v1/${address}`, { headers, cache: "no-cache" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

async function reload() {
  reloading = null;
  const query = `lang=${data.language}&limit=${data.limit}&min_significance=${data.least}`;
  try {
    const snapshot = await load(`events?${query}`);
    const said = await load(`announcements?lang=${data.language}`); // after the cursor was read
    agenda.replace(snapshot.results);
    notices.replace(said.results);
    live.goOnFrom(snapshot.cursors); // a message may have come while it was on its way
    tick();
  } catch (error) {
    console.info("The calendar could not be loaded again; the next message tries again.", error);
  }
}

function connection(state) {
  showConnection(state, words);
  // A page rendered before the log had a first message knows no place in it to resume from.
  if (state === "live" && !data.cursors.events && !caughtUp) {
    caughtUp = true;
    reload();
  }
}

times.explain(byId("zone"), words.zone);
agenda.start(data.events);
tick();
setInterval(tick, 1_000);

const live = new LiveClient({
  url: data.live_url,
  lang: data.language,
  streams: ["events"],
  cursors: data.cursors,
  onEvent: told,
  onReset: reloadSoon,
  onState: connection,
});
live.start();
addEventListener("pagehide", () => live.stop());
addEventListener("pageshow", (event) => event.persisted && live.start());
