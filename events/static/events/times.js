/** Write instants in the reader's own zone, as the language of the page writes them. */

const STYLES = {
  "full-date": { dateStyle: "full" },
  time: { hour: "numeric", minute: "2-digit" },
  "time-seconds": { hour: "numeric", minute: "2-digit", second: "2-digit" },
  weekday: { weekday: "short" },
};

export class Times {
  constructor(locale, zone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.locale = locale;
    this.zone = zone;
    this.formats = new Map();
  }

  format(options) {
    const key = JSON.stringify(options);
    if (!this.formats.has(key)) {
      const all = { ...options, timeZone: this.zone };
      this.formats.set(key, new Intl.DateTimeFormat(this.locale, all));
    }
    return this.formats.get(key);
  }

  text(style, at) {
    // The day alone: some languages would add a word to it that the narrow column cannot hold.
    if (style === "day") return String(Number(this.parts(at).day));
    return this.format(STYLES[style]).format(at);
  }

  parts(at) {
    const format = new Intl.DateTimeFormat("en", {
      year: "numeric", month: "2-digit", day: "2-digit", timeZone: this.zone,
    });
    return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  }

  monthCode(at) {
    const { year, month } = this.parts(at);
    return `${year}-${month}`;
  }

  monthText(at) {
    return this.format({ year: "numeric", month: "long" }).format(at);
  }

  zoneText(at = new Date()) {
    const format = this.format({ timeZoneName: "longGeneric" }); // holds in summer and winter
    const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName");
    return name ? name.value : this.zone;
  }

  /** Rewrite every time under `root`, whose instant stands in it or in the <time> around it. */
  rewrite(root) {
    for (const element of root.querySelectorAll("[data-format]")) {
      const at = new Date(element.closest("time").dateTime);
      if (!Number.isNaN(at.getTime())) element.textContent = this.text(element.dataset.format, at);
    }
  }

  /** Say which zone the times are in. */
  explain(element, sentence) {
    element.textContent = sentence.replace("%(zone)s", this.zoneText());
    element.title = this.zone;
  }
}

export function pageData() {
  return JSON.parse(document.getElementById("page-data").textContent);
}
