/** What staff tell everybody, above the calendar: kept up to date live, each can be dismissed. */

import { markLanguage } from "./parts.js";

const KEPT = "starscal.notices.dismissed";
const MOST_KEPT = 50;
const MOST_SHOWN = 20;

export class Notices {
  constructor({ list, template, language, storage }) {
    this.list = list;
    this.template = template;
    this.language = language;
    this.storage = storage; // null where the browser keeps nothing for us
    this.dismissed = this.remembered();
    for (const item of list.querySelectorAll(".notice")) this.prepare(item);
  }

  /** Take a live message: a new announcement, a changed one, or one that was withdrawn. */
  told(notice) {
    const shown = this.find(notice.id);
    if (shown && Number(shown.dataset.revision) >= notice.revision) return;
    if (notice.status !== "published") return shown?.remove();
    const item = this.written(notice);
    if (shown) shown.replaceWith(item);
    else this.list.prepend(item);
    this.prepare(item);
    while (this.list.children.length > MOST_SHOWN) this.list.lastElementChild.remove();
  }

  /** Show exactly these announcements, the newest first. */
  replace(notices) {
    this.list.replaceChildren();
    for (const notice of notices.toReversed?.() ?? [...notices].reverse()) this.told(notice);
  }

  find(id) {
    return [...this.list.children].find((item) => item.dataset.id === id);
  }

  written(notice) {
    const item = this.template.content.firstElementChild.cloneNode(true);
    item.dataset.id = notice.id;
    item.dataset.revision = notice.revision;
    markLanguage(item, notice, this.language);
    item.querySelector("strong").textContent = notice.title;
    const text = item.querySelector("p");
    text.textContent = notice.body;
    text.hidden = !notice.body;
    const link = item.querySelector("a");
    link.hidden = !notice.link?.startsWith("https://");
    if (!link.hidden) link.href = notice.link;
    return item;
  }

  prepare(item) {
    const mark = `${item.dataset.id} ${item.dataset.revision}`;
    if (this.dismissed.includes(mark)) return item.remove();
    const button = item.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => {
      item.remove();
      this.remember(mark);
    });
  }

  remembered() {
    try {
      const kept = JSON.parse(this.storage?.getItem(KEPT) ?? "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  remember(mark) {
    this.dismissed = [...this.dismissed, mark].slice(-MOST_KEPT);
    try {
      this.storage?.setItem(KEPT, JSON.stringify(this.dismissed));
    } catch {
      return; // full or forbidden: it comes back with the next page
    }
  }
}

/** Return where the browser keeps what was dismissed, or null where it must not. */
export function pageStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
