/** The list of events: one row an event, grouped by the months of the reader's zone. */

import { end, isCurrent, markLanguage, showLevel } from "./parts.js";
import { when } from "./times.js";

export class Agenda {
  constructor({ months, empty, language, times, afterglowS, limit, least }) {
    this.months = months;
    this.empty = empty;
    this.language = language;
    this.times = times;
    this.afterglowMs = afterglowS * 1000;
    this.events = new Map();
    this.rows = new Map();
    this.limit = limit;
    this.least = least; // what matters less is not shown
    this.horizon = Infinity; // nothing after it is shown, because more may lie in between
  }

  /** Take over what the server rendered. */
  start(events) {
    for (const row of this.months.querySelectorAll(".row")) this.rows.set(row.dataset.id, row);
    for (const event of events) this.events.set(event.id, event);
    this.look(events);
    this.arrange();
  }

  /** Show exactly these events. */
  replace(events) {
    this.events = new Map();
    for (const event of events) {
      this.events.set(event.id, event);
      this.write(event);
    }
    this.look(events);
    this.arrange();
  }

  /** Note how far a list reaches: a full one ends with its last event, another shows all. */
  look(events) {
    const full = events.length >= this.limit;
    this.horizon = full ? Math.max(...events.map((event) => this.at(event))) : Infinity;
  }

  /** Say whether so much is over that the list should be loaded again. */
  isThin() {
    return this.horizon < Infinity && this.events.size < this.limit / 2;
  }

  /** Show an event, new or changed; false if the page does not show it. */
  put(event, { fresh = false } = {}) {
    const known = this.events.get(event.id);
    if (known && known.revision > event.revision) return false;
    if (this.isOver(event) || this.isBeyond(event) || event.significance < this.least) {
      this.remove(event.id);
      return false;
    }
    this.events.set(event.id, event);
    const row = this.write(event);
    if (fresh) this.highlight(row);
    this.arrange();
    return true;
  }

  remove(id) {
    if (this.events.delete(id)) this.arrange();
  }

  /** Let go of what is over, and mark what is going on; true if anything was over. */
  expire() {
    const over = [...this.events.values()].filter((event) => this.isOver(event));
    for (const event of over) this.events.delete(event.id);
    if (over.length) this.arrange();
    for (const event of this.events.values()) {
      const row = this.rows.get(event.id);
      if (row) row.toggleAttribute("data-current", this.isCurrent(event));
    }
    return over.length > 0;
  }

  /** Return the event that comes next or is going on, if any. */
  next() {
    return this.sorted().find(
      (event) => event.status !== "cancelled" && (this.isCurrent(event) || this.at(event) > Date.now()),
    );
  }

  at(event) {
    return Date.parse(event.occurs_at);
  }

  isCurrent(event) {
    return isCurrent(event, this.afterglowMs);
  }

  isOver(event, now = Date.now()) {
    return Math.max(end(event, this.afterglowMs), this.at(event) + this.afterglowMs) <= now;
  }

  /** Say whether an event lies after all that a full list shows. */
  isBeyond(event) {
    return this.at(event) > this.horizon;
  }

  sorted() {
    const key = (event) => `${event.occurs_at} ${event.id}`;
    return [...this.events.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  }

  address(event) {
    return `/${this.language}/events/${event.slug}/`;
  }

  /** Return the small figure of an event, as the server chooses it. */
  symbol(event) {
    const type = event.astronomical_data?.type;
    const names = [`${event.event_type}-${type}`, event.event_type, "star"];
    return `#fig-${names.find((name) => document.getElementById(`fig-${name}`))}`;
  }

  write(event) {
    const row = this.rows.get(event.id) ?? this.blank(event.id);
    Object.assign(row.dataset, {
      revision: event.revision, status: event.status, level: event.significance,
    });
    const link = row.querySelector(".row-title a");
    link.textContent = event.title;
    link.href = this.address(event);
    markLanguage(link, event, this.language);
    row.querySelector(".row-figure use").setAttribute("href", this.symbol(event));
    for (const time of row.querySelectorAll("time")) this.times.stand(time, event);
    showLevel(row.querySelector(".level"), event.significance);
    this.times.rewrite(row);
    return row;
  }

  blank(id) {
    const row = document.getElementById("row-template").content.firstElementChild.cloneNode(true);
    row.dataset.id = id;
    this.rows.set(id, row);
    return row;
  }

  highlight(row) {
    row.classList.remove("fresh");
    void row.offsetWidth; // lets the animation start again
    row.classList.add("fresh");
  }

  /** Put every row into its place; rows that stand right are not touched. */
  arrange() {
    const focused = document.activeElement;
    const months = new Map();
    for (const event of this.sorted()) {
      const code = this.times.monthCode(event);
      if (!months.has(code)) months.set(code, []);
      months.get(code).push(event);
    }
    const sections = [...months].map(([code, events]) => this.section(code, events));
    settle(this.months, sections);
    for (const id of [...this.rows.keys()]) if (!this.events.has(id)) this.rows.delete(id);
    this.empty.hidden = this.events.size > 0;
    if (focused?.isConnected && focused !== document.activeElement) focused.focus();
  }

  section(code, events) {
    const found = this.months.querySelector(`[data-month="${code}"]`);
    const section = found ?? this.blankMonth(code, events[0]);
    settle(section.querySelector(".rows"), events.map((event) => this.rows.get(event.id)));
    this.times.rewrite(section);
    return section;
  }

  blankMonth(code, event) {
    const template = document.getElementById("month-template");
    const section = template.content.firstElementChild.cloneNode(true);
    const heading = section.querySelector("h3");
    section.dataset.month = code;
    heading.id = `month-${code}`;
    heading.textContent = this.times.text("month", new Date(when(event)), this.times.clockOf(event));
    section.setAttribute("aria-labelledby", heading.id);
    return section;
  }
}

/** Make `wanted` the children of `parent`, in order, moving only what stands wrong. */
function settle(parent, wanted) {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((child, place) => {
    if (parent.children[place] !== child) parent.insertBefore(child, parent.children[place] ?? null);
  });
}
