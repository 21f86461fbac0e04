/**
 * Write instants in the reader's own zone, by the CLDR patterns and names that the server sends:
 * not every browser knows every language of ours, and this way both write the same.
 */

const TOKEN = /'([^']*)'|([A-Za-z])\2*/g;

const DAY = /^\d{4}-\d\d-\d\d$/;

function clock(timeZone) {
  return new Intl.DateTimeFormat("en-u-hc-h23", {
    year: "numeric", month: "numeric", day: "numeric", weekday: "short",
    hour: "numeric", minute: "numeric", second: "numeric", timeZone,
  });
}

/** Return when an event is: the day it is, or its instant. */
export function when(event) {
  return event.all_day ?? event.occurs_at;
}

export class Times {
  constructor(calendar, zone = Intl.DateTimeFormat().resolvedOptions().timeZone) {
    this.calendar = calendar;
    this.zone = zone;
    this.clock = clock(zone);
    this.days = clock("UTC"); // whole days of a calendar are the same in every zone
  }

  /** Return the fields of an instant on the reader's clock; weekdays count from Monday, 0. */
  fields(at, by = this.clock) {
    const parts = Object.fromEntries(
      by.formatToParts(at).map(({ type, value }) => [type, value]),
    );
    const weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday);
    const numbers = Object.fromEntries(
      ["year", "month", "day", "hour", "minute", "second"].map((name) => [name, Number(parts[name])]),
    );
    return { ...numbers, weekday };
  }

  /** Write one field of a CLDR pattern: `letter` repeated `width` times. */
  field(letter, width, at) {
    const { calendar } = this;
    const number = {
      y: at.year, M: at.month, L: at.month, d: at.day,
      H: at.hour, h: at.hour % 12 || 12, m: at.minute, s: at.second,
    }[letter];
    if (letter === "E" || letter === "c") {
      return (width > 3 ? calendar.weekdays : calendar.weekdays_short)[at.weekday];
    }
    if (letter === "a") return calendar.periods[at.hour < 12 ? 0 : 1];
    if (letter === "M" && width > 3) return calendar.months[at.month - 1];
    if (letter === "L" && width > 3) return calendar.months_alone[at.month - 1];
    return String(number).padStart(letter === "y" ? 1 : width, "0");
  }

  /** Write an instant in a style of `calendar.patterns`. */
  text(style, at, by = this.clock) {
    const fields = this.fields(at, by);
    return this.calendar.patterns[style].replace(TOKEN, (token, quoted, letter) =>
      letter ? this.field(letter, token.length, fields) : quoted || "'",
    );
  }

  /** Return the month of an event: that of its day where it is a whole day. */
  monthCode(event) {
    const { year, month } = this.fields(new Date(when(event)), this.clockOf(event));
    return `${year}-${String(month).padStart(2, "0")}`;
  }

  /** Return the name of the reader's zone; its identifier where the browser lacks the language. */
  zoneText(at = new Date()) {
    const { locale } = this.calendar;
    if (!Intl.DateTimeFormat.supportedLocalesOf(locale).length) return this.zone;
    // A generic name, because it holds in summer and winter.
    const format = new Intl.DateTimeFormat(locale, {
      timeZone: this.zone, timeZoneName: "longGeneric",
    });
    const name = format.formatToParts(at).find(({ type }) => type === "timeZoneName");
    return name ? name.value : this.zone;
  }

  /** Rewrite every time under `root`, whose instant stands in it or in the <time> around it. */
  rewrite(root) {
    for (const element of root.querySelectorAll("[data-format]")) {
      const { dateTime } = element.closest("time");
      const at = new Date(dateTime);
      const by = DAY.test(dateTime) ? this.days : this.clock;
      if (!Number.isNaN(at.getTime())) element.textContent = this.text(element.dataset.format, at, by);
    }
  }

  /** Let a <time> stand for an event; the time of a whole day is not shown. */
  stand(time, event) {
    time.dateTime = when(event);
    time.hidden = Boolean(event.all_day) && time.dataset.format === "time";
  }

  clockOf(event) {
    return event.all_day ? this.days : this.clock;
  }

  /** Say which zone the times are in. */
  explain(element, sentence) {
    element.textContent = sentence.replace("%(zone)s", this.zoneText());
    element.title = this.zone;
  }
}

export function pageData(page = document) {
  return JSON.parse(page.getElementById("page-data").textContent);
}
